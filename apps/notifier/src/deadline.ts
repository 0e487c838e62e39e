/** A signal of one piece of work, which aborts when its time is over or the service ends. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether the time was over. */
  isOver(): boolean;
  /** Has to be called when the work has ended: nothing of it is kept then. */
  end(): void;
}

/** Not `AbortSignal.any`: what it makes of a signal that lives as long as the service is kept as long. */
export function deadline(ms: number, stopping: AbortSignal): Deadline {
  const controller = new AbortController();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort();
  }, ms);
  const stop = () => controller.abort();
  if (stopping.aborted) stop();
  stopping.addEventListener('abort', stop);
  return {
    signal: controller.signal,
    isOver: () => isOver,
    end: () => {
      clearTimeout(timer);
      stopping.removeEventListener('abort', stop);
    },
  };
}
