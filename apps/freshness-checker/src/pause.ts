import { setTimeout as sleep } from 'node:timers/promises';

/** A pause that can be ended early. */
export class Pause {
  private isEnded = false;
  private onEnd: () => void = () => undefined;

  /** Ends the pause that lasts, or else the next one, as soon as it may end. */
  end(): void {
    this.isEnded = true;
    this.onEnd();
  }

  /** Lasts `longestMs`, or at least `shortestMs` where it is ended; no longer than until `signal` is aborted. */
  async last(shortestMs: number, longestMs: number, signal: AbortSignal): Promise<void> {
    await sleep(shortestMs, undefined, { signal }).catch(() => undefined);
    if (!this.isEnded) await this.endOr(longestMs - shortestMs, signal);
    this.isEnded = false;
  }

  private async endOr(ms: number, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const end = () => ended.abort();
    this.onEnd = end;
    if (signal.aborted) end();
    // Not AbortSignal.any: what is derived from a signal that lives as long as the service is kept as long, twice a second.
    signal.addEventListener('abort', end);
    await sleep(Math.max(0, ms), undefined, { signal: ended.signal }).catch(() => undefined);
    signal.removeEventListener('abort', end);
  }
}
