import { setTimeout as sleep } from 'node:timers/promises';
import { httpGet } from '@backup-awareness/local-servers';

export interface FirstCheckOptions {
  /** The console's origin. */
  readonly consoleUrl: string;
  /** A token of its API. */
  readonly token: string;
  readonly signal: AbortSignal;
  /** Called once if it takes longer than somebody would expect. */
  readonly onWait: () => void;
  readonly limits?: { readonly sayAfterMs: number; readonly totalMs: number };
}

/** Reports that arrived while nothing ran are stored before the first check, which may take minutes: the link does not wait for all of it. */
const LIMITS = { sayAfterMs: 5_000, totalMs: 30_000 };
const ASK_EVERY_MS = 100;
const ANSWER_WITHIN_MS = 5_000;

/** Why nothing is known for the first seconds of a start. */
const BEFORE_THE_CHECK = ['never_checked', 'check_overdue'];

/**
 * Waits until the first check after a start is made, so that who opens the link at once sees how the engines stand. Without it the page
 * says that nothing is known, and why; so this ends, too, if it takes too long or the console does not answer.
 *
 * @throws if the signal aborts
 */
export async function firstCheck({
  consoleUrl,
  token,
  signal,
  onWait,
  limits = LIMITS,
}: FirstCheckOptions): Promise<void> {
  const startedAtMs = performance.now();
  let isSaid = false;
  while (!(await isMade(consoleUrl, token, signal))) {
    const waitedMs = performance.now() - startedAtMs;
    if (waitedMs > limits.totalMs) return;
    if (waitedMs > limits.sayAfterMs && !isSaid) {
      isSaid = true;
      onWait();
    }
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}

async function isMade(consoleUrl: string, token: string, signal: AbortSignal): Promise<boolean> {
  try {
    const { href } = new URL('/api/v1/overview', consoleUrl);
    const headers = { authorization: `Bearer ${token}` };
    const { body } = await httpGet(href, ANSWER_WITHIN_MS, { headers, signal });
    const { trust } = JSON.parse(body) as { trust?: { reasons: { kind: string }[] } };
    return (
      trust !== undefined && !trust.reasons.some(({ kind }) => BEFORE_THE_CHECK.includes(kind))
    );
  } catch {
    return false;
  }
}
