import {moved, zoomed, type Range} from './scale';

// What a key does to the stretch that is seen; null if nothing.
export function keyMoves(key: string, range: Range): Range | null {
  switch (key) {
    case 'ArrowLeft': return moved(range, -0.1);
    case 'ArrowRight': return moved(range, 0.1);
    case 'PageUp': return moved(range, -1);
    case 'PageDown': return moved(range, 1);
    case '+':
    case '=': return zoomed(range, 0.5);
    case '-': return zoomed(range, 2);
    default: return null;
  }
}
