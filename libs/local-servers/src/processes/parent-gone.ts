import { parentOf } from '../../uncompiled/process-identity.mjs';

const ASK_EVERY_MS = 500;

/**
 * Aborts when `parentPid` is no longer our parent: npm was killed and could not tell us, and nobody would ever stop what
 * runs here.
 */
export function parentGone(parentPid: number): AbortSignal {
  const gone = new AbortController();
  const timer = setInterval(() => {
    if (parentOf(process.pid) === parentPid) return;
    clearInterval(timer);
    gone.abort('its parent process ended');
  }, ASK_EVERY_MS);
  timer.unref();
  return gone.signal;
}
