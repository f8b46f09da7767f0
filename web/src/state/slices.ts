// Work that may wait a moment, done in slices so short that the page answers in between.

const budgetMs = 6;

const queue = new Set<() => void>();
let isRunning = false;

// Does it soon; once, however often it is asked for before then.
export function soon(work: () => void): void {
  queue.add(work);
  if (!isRunning) run();
}

export function forget(work: () => void): void {
  queue.delete(work);
}

function run(): void {
  isRunning = true;
  setTimeout(() => {
    const until = performance.now() + budgetMs;
    for (const work of queue) {
      queue.delete(work);
      work();
      if (performance.now() >= until) break;
    }
    if (queue.size > 0) run();
    else isRunning = false;
  });
}
