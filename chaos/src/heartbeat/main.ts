import { CHECKOUT, eventually } from '@backup-awareness/testing';
import type { MainOptions } from '@backup-awareness/local-servers';
import { startInstallation } from '../installation/start-installation.js';
import type { Installation } from '../installation/installation.js';
import { BREAKAGES, type Breakage } from './breakages.js';
import { heartbeatReceiver, type HeartbeatReceiver } from './heartbeat-receiver.js';

/** The last heartbeat, and the first that says what is broken, have to come within this time after the breakage. */
const WITHIN_MS = 180_000;
const PATIENCE_MS = 420_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(0)} s`;

/**
 * `npm run chaos:heartbeat [WORD ...]`: breaks each stage of the installed product (or those whose name contains a word), and shows that the
 * heartbeat stops within three minutes, says which stage it is, and goes on after it is mended. Takes half an hour. Resolves with the exit code.
 */
export async function main({ arguments: words, signal }: MainOptions): Promise<number> {
  process.umask(0o077);
  const wanted = BREAKAGES.filter(
    ({ what }) => words.length === 0 || words.some((word) => what.includes(word)),
  );
  const receiver = await heartbeatReceiver();
  const installation = await startInstallation('one machine', CHECKOUT, {
    HEARTBEAT_URL: receiver.url,
  });
  let areReached = wanted.length > 0;
  try {
    for (const breakage of wanted) {
      if (signal.aborted) return 130;
      areReached = (await tryBreakage(breakage, installation, receiver)) && areReached;
    }
  } catch (error) {
    process.stderr.write(`backup-awareness: ${(error as Error).message}\n`);
    areReached = false;
  } finally {
    await installation.stop();
    await receiver.close();
  }
  return areReached ? 0 : 1;
}

async function tryBreakage(
  { what, make, says }: Breakage,
  installation: Installation,
  { beats }: HeartbeatReceiver,
): Promise<boolean> {
  await eventually(() => isWell(beats, performance.now() - 5_000), PATIENCE_MS);
  const brokenAtMs = performance.now();
  const mend = await make(installation);
  let saidAtMs: number;
  try {
    saidAtMs = await eventually(() => said(beats, brokenAtMs, says), PATIENCE_MS);
  } finally {
    await mend();
  }
  const mendedAtMs = performance.now();
  const wellAgainAtMs = await eventually(() => isWell(beats, mendedAtMs), PATIENCE_MS);
  const lastWell = beats.filter(({ atMs, reason }) => reason === null && atMs < saidAtMs).at(-1);
  const lastAfterMs = Math.max(0, (lastWell?.atMs ?? 0) - brokenAtMs);
  const isReached = saidAtMs - brokenAtMs <= WITHIN_MS && lastAfterMs <= WITHIN_MS;
  const reason = beats.find(({ atMs }) => atMs === saidAtMs)?.reason;
  say(
    `${what}: ${isReached ? 'reached' : 'NOT reached'}: last heartbeat after ${seconds(lastAfterMs)}, ` +
      `said after ${seconds(saidAtMs - brokenAtMs)}, again ${seconds(wellAgainAtMs - mendedAtMs)} after it was mended`,
  );
  say(`    ${reason}`);
  return isReached;
}

/** @throws while there is no heartbeat since then */
function isWell(beats: HeartbeatReceiver['beats'], sinceMs: number): number {
  const last = beats.at(-1);
  if (last && last.reason === null && last.atMs > sinceMs) return last.atMs;
  throw new Error(`no heartbeat; the latest reason: ${last?.reason ?? 'none'}`);
}

/** @throws until a heartbeat says so */
function said(beats: HeartbeatReceiver['beats'], sinceMs: number, what: RegExp): number {
  const failed = beats.filter(({ atMs, reason }) => atMs > sinceMs && reason !== null);
  const found = failed.find(({ reason }) => what.test(reason!));
  if (found) return found.atMs;
  throw new Error(`expected a heartbeat that says ${what}; got ${failed.at(-1)?.reason ?? 'none'}`);
}
