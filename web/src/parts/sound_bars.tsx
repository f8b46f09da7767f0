import type {Sound} from '../api/types';
import {isKnown, number} from '../model/format';

const floorDbfs = -60;

const shareOf = (dbfs: number | null) =>
  isKnown(dbfs) ? Math.min(1, Math.max(0, 1 - dbfs / floorDbfs)) : 0;

// The peak of each channel, as bars that end at full scale.
export function SoundBars({sound}: {sound: Sound | null | undefined}) {
  if (!sound || sound.peak_dbfs.length === 0) return null;
  const words = sound.peak_dbfs.map((peak) => number(peak)).join(', ');
  return (
    <div class="sound" role="img" aria-label={`sound peaks ${words} dBFS`}>
      {sound.peak_dbfs.map((peak, channel) => (
        <i key={channel} class={isKnown(peak) && peak > -1 ? 'sound-full' : ''}
          style={{transform: `scaleY(${shareOf(peak).toFixed(3)})`}} />
      ))}
    </div>
  );
}
