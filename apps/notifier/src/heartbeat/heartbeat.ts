import { LogOnce } from '@backup-awareness/contracts';
import { claimBeat, releaseBeat } from '@backup-awareness/database';
import { judgeHeartbeat, PROOF_LASTS_MS } from '@backup-awareness/overview/judgement';
import { readHeartbeatState } from '@backup-awareness/overview/state';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  backOffMs,
  NOTHING_TO_TELL,
  type Destination,
  type Pulse,
  type Round,
} from '../destination.js';
import { send } from '../http/send.js';
import { outageInWords } from '../unknown/database-outage.js';
import type { ServiceWatch } from './service-watch.js';
import { unprovenInWords } from './unproven-in-words.js';

export interface HeartbeatOptions {
  /** A secret: anybody who knows it can beat, too. */
  readonly url: string;
  readonly db: DataSource;
  readonly services: Pick<ServiceWatch, 'unreadyFor'>;
  /** A monotonic clock, in milliseconds. */
  readonly clock?: () => number;
}

const EVERY_MS = 60_000;
/** While another replica beats, or nothing can be said yet. */
const LOOK_AGAIN_MS = 5_000;
const REASON_MAX = 2_000;

/**
 * A URL that is requested once a minute while every stage has proven itself in the last two minutes; otherwise the reason is posted to its
 * path with `/fail`. One replica does so each minute; while the database cannot be read or written, each does. Until two minutes after its
 * start a replica reports no failure, since the product may be starting, too.
 */
export function heartbeat({
  url,
  db,
  services,
  clock = () => performance.now(),
}: HeartbeatOptions): Destination {
  const log = new Logger('heartbeat');
  const withheld = new LogOnce((reason) => log.warn(`not all is proven: ${reason}`));
  const startedAtMs = clock();
  let notBeforeMs = startedAtMs;
  let failures = 0;

  function later(ms: number): Round {
    notBeforeMs = clock() + ms;
    return NOTHING_TO_TELL;
  }

  /** @param reason why there is no heartbeat; empty: all is well */
  async function beat(reason: string, signal: AbortSignal): Promise<Round> {
    withheld.set(reason === '' ? undefined : reason);
    const sent = await send(
      reason === '' ? url : failureUrl(url),
      reason === ''
        ? { method: 'GET', isPathSecret: true }
        : {
            headers: { 'content-type': 'text/plain; charset=utf-8' },
            body: reason.slice(0, REASON_MAX),
            isPathSecret: true,
          },
      signal,
    );
    const isSent = sent.outcome === 'accepted';
    failures = isSent ? 0 : failures + 1;
    later(isSent ? EVERY_MS : backOffMs(failures, EVERY_MS));
    return isSent
      ? { told: 1, failed: 0, givenUp: 0, error: null }
      : { told: 0, failed: 1, givenUp: 0, error: sent.error };
  }

  async function beatOfAll(now: number, signal: AbortSignal): Promise<Round> {
    const state = await readHeartbeatState(db);
    const reason = unprovenInWords(judgeHeartbeat(state, services.unreadyFor(PROOF_LASTS_MS)));
    const isStarting = clock() - startedAtMs < PROOF_LASTS_MS;
    if (reason !== '' && isStarting) return later(LOOK_AGAIN_MS);
    if (!(await claimBeat(db, now, EVERY_MS))) return later(LOOK_AGAIN_MS);
    const round = await beat(reason, signal);
    if (round.error !== null) await releaseBeat(db);
    return round;
  }

  return {
    name: 'heartbeat',
    async round({ now, version, unreadable }: Pulse, signal: AbortSignal): Promise<Round> {
      if (clock() < notBeforeMs) return NOTHING_TO_TELL;
      if (!unreadable) return beatOfAll(now, signal);
      const isProven = now - unreadable.sinceAt < PROOF_LASTS_MS;
      if (!isProven) return beat(outageInWords(unreadable), signal);
      return version === null ? NOTHING_TO_TELL : beatOfAll(now, signal);
    },
  };
}

/** The path of the URL with `/fail`. */
function failureUrl(url: string): string {
  const failure = new URL(url);
  failure.pathname = `${failure.pathname.replace(/\/+$/, '')}/fail`;
  return failure.href;
}
