/** A signal for one task, which aborts when its time is over or the service stops. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it has timed out. */
  isOver(): boolean;
  /** Must be called when the task has ended; releases its timer and listener. */
  end(): void;
}

/** Not `AbortSignal.any`: a signal derived from one that lives as long as the service is kept as long. */
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
