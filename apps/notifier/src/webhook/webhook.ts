import { CLOUD_EVENT_CONTENT_TYPE } from '@backup-awareness/contracts';
import {
  claimHeads,
  postponeNotifications,
  readUnknownSpells,
  settleNotifications,
  type Notification,
} from '@backup-awareness/database';
import { readAlertEvents } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import { backOffMs, NOTHING_TO_TELL, type Destination, type Round } from '../destination.js';
import { send, type Sent } from '../http/send.js';
import { noting } from '../noting.js';
import { eventOf } from './event-of.js';
import { signatureOf } from './signature.js';

export interface WebhookOptions {
  readonly url: string;
  /** Undefined: events go unsigned. */
  readonly secret: string | undefined;
  readonly db: DataSource;
}

const NAME = 'webhook';
const AT_ONCE = 20;
const PAUSE_MAX_MS = 15 * 60_000;
const NOT_RECORDED_PAUSE_MS = 2_000;

/** A round ends well before its first claims do. */
const ROUND_MAX_MS = 30_000;

/** What has failed for so long, and so often, is given up: a clock that jumps must not give up what was hardly tried. */
const GIVEN_UP_AFTER_MS = 3 * 24 * 3_600_000;
const GIVEN_UP_AFTER_TRIES = 10;

/**
 * A page that takes each event of an alert as its CloudEvent, in order for each engine and at least once: what was told is settled after the
 * answer, so that a replica that dies in between has another tell it again, with the same id.
 */
export function webhook({ url, secret, db }: WebhookOptions): Destination {
  const note = noting(db, NAME, false);
  let failures = 0;
  let closedUntil = 0;

  const isClosed = (now: number) => now < closedUntil && closedUntil - now <= 4 * PAUSE_MAX_MS;

  function deliver(body: Buffer | undefined, signal: AbortSignal): Promise<Sent | 'not recorded'> {
    if (body === undefined) return Promise.resolve('not recorded');
    const headers = {
      'content-type': CLOUD_EVENT_CONTENT_TYPE,
      ...(secret === undefined ? {} : { 'x-signature-256': signatureOf(body, secret) }),
    };
    return send(url, { headers, body }, signal);
  }

  async function settle(claimed: Notification, sent: Sent | 'not recorded', now: number) {
    if (sent === 'not recorded') {
      const dueAt = now + NOT_RECORDED_PAUSE_MS;
      const error = 'the audit log has not recorded it yet';
      return postpone(claimed, { dueAt, error, counts: false });
    }
    if (sent.outcome === 'accepted') {
      await settleNotifications(db, NAME, [claimed], { outcome: 'told', now });
      return { told: 1 };
    }
    const isHopeless =
      now - claimed.notedAt >= GIVEN_UP_AFTER_MS && claimed.tries >= GIVEN_UP_AFTER_TRIES;
    if (isHopeless) {
      const { error } = sent;
      await settleNotifications(db, NAME, [claimed], { outcome: 'given_up', now, error });
      return { givenUp: 1 };
    }
    const askedFor = sent.outcome === 'unavailable' ? (sent.retryAfterMs ?? 0) : 0;
    const dueAt = now + Math.max(askedFor, backOffMs(claimed.tries, PAUSE_MAX_MS));
    return postpone(claimed, { dueAt, error: sent.error, counts: true });
  }

  async function postpone(
    claimed: Notification,
    how: { readonly dueAt: number; readonly error: string; readonly counts: boolean },
  ) {
    await postponeNotifications(db, NAME, [claimed], { ...how, isUnarrived: false });
    return how.counts ? { failed: 1 } : {};
  }

  /** Remembers whether the page answers at all, so that one that does not is not asked for each event. */
  function observe(answers: readonly (Sent | 'not recorded')[], now: number): void {
    if (answers.every((answer) => answer === 'not recorded')) return;
    const unavailable = answers.find(isUnavailable);
    failures = unavailable ? failures + 1 : 0;
    closedUntil = unavailable
      ? now + Math.max(unavailable.retryAfterMs ?? 0, backOffMs(failures, PAUSE_MAX_MS))
      : 0;
  }

  return {
    name: NAME,
    kind: NAME,
    async round({ now, version, unreadable }, signal) {
      if (version === null || isClosed(now)) return NOTHING_TO_TELL;
      await note({ now, version, unreadable });
      let round = NOTHING_TO_TELL;
      const startedAtMs = performance.now();
      while (!isClosed(now) && !signal.aborted && performance.now() - startedAtMs < ROUND_MAX_MS) {
        // One is enough to see whether the page is there again.
        const claimed = await claimHeads(db, NAME, now, failures === 0 ? AT_ONCE : 1);
        if (claimed.length === 0) break;
        const ids = claimed.map(({ subjectId }) => subjectId);
        const recorded = {
          events: await readAlertEvents(db, ids),
          spells: await readUnknownSpells(db, { ids }),
        };
        const answers = await Promise.all(
          claimed.map((one) => deliver(eventOf(one, recorded), signal)),
        );
        const settled = await Promise.all(
          claimed.map((one, i) => settle(one, answers[i]!, now)),
        );
        observe(answers, now);
        const error = errorOf(answers);
        round = settled.reduce<Round>(add, { ...round, ...(error === undefined ? {} : { error }) });
      }
      return round;
    },
  };
}

function isUnavailable(
  answer: Sent | 'not recorded',
): answer is Extract<Sent, { outcome: 'unavailable' }> {
  return answer !== 'not recorded' && answer.outcome === 'unavailable';
}

/** Why one of them failed, null where none did, and undefined where none was sent. */
function errorOf(answers: readonly (Sent | 'not recorded')[]): string | null | undefined {
  const sent = answers.filter((answer): answer is Sent => answer !== 'not recorded');
  if (sent.length === 0) return undefined;
  return sent.map((one) => ('error' in one ? one.error : null)).find((error) => error !== null) ?? null;
}

function add(
  round: Round,
  more: { readonly told?: number; readonly failed?: number; readonly givenUp?: number },
): Round {
  return {
    ...round,
    told: round.told + (more.told ?? 0),
    failed: round.failed + (more.failed ?? 0),
    givenUp: round.givenUp + (more.givenUp ?? 0),
  };
}
