import {
  claimHeads,
  postponeNotifications,
  settleNotifications,
  type Notification,
} from '@backup-awareness/database';
import type { DataSource } from 'typeorm';
import {
  backOffMs,
  NOTHING_TO_TELL,
  type Destination,
  type Pulse,
  type Round,
} from './destination.js';
import type { Sent } from './http/send.js';
import { noting } from './noting.js';

/** The outcome of one notification: sent, not for this destination, or waiting for its event to be recorded. */
export type Told = Sent | { readonly outcome: 'not for it' } | { readonly outcome: 'not recorded' };

export interface OneByOneOptions {
  readonly name: string;
  readonly db: DataSource;
  /** Whether people read it: they are not notified of an alert that was dismissed before. */
  readonly isReadByPeople: boolean;
  /** Reads the subjects of these notifications as of `now`, and returns a function that sends one. */
  readonly prepare: (
    claimed: readonly Notification[],
    now: number,
  ) => Promise<(one: Notification, signal: AbortSignal) => Promise<Told>>;
}

const AT_ONCE = 20;
const NOT_RECORDED_PAUSE_MS = 2_000;

/** The longest wait that an answer can request. */
const CLOSED_MAX_MS = 3_600_000;

/** A round ends well before its first claims expire. */
const ROUND_MAX_MS = 30_000;

/** A notification is given up after this time and this many attempts: a clock jump alone must not give up anything. */
const GIVEN_UP_AFTER_MS = 3 * 24 * 3_600_000;
const GIVEN_UP_AFTER_TRIES = 10;

/**
 * A destination that gets each change separately, in order for each engine and at least once: a notification is settled after the answer, so
 * if a replica dies in between, another one sends it again.
 */
export function oneByOne({ name, db, isReadByPeople, prepare }: OneByOneOptions): Destination {
  const note = noting(db, name, isReadByPeople);
  let failures = 0;
  let closedUntil = 0;

  const isClosed = (now: number) => now < closedUntil && closedUntil - now <= CLOSED_MAX_MS;

  /**
   * Remembers whether the destination works, so that one that does not is not tried with each change. One that refuses everything does not
   * work, either: a proxy may answer 404 for it.
   */
  function observe(answers: readonly Told[], now: number): void {
    const sent = answers.filter(isSent);
    if (sent.length === 0) return;
    const isRefusingAll =
      sent.every(({ outcome }) => outcome === 'refused') && (sent.length > 1 || failures > 0);
    const isDown = isRefusingAll || sent.some(({ outcome }) => outcome === 'unavailable');
    failures = isDown ? failures + 1 : 0;
    closedUntil = isDown ? now + Math.max(backOffMs(failures), ...sent.map(askedForMs)) : 0;
  }

  async function turn(now: number, signal: AbortSignal): Promise<Round | undefined> {
    // One is enough to see whether the destination is available again.
    const claimed = await claimHeads(db, name, now, failures === 0 ? AT_ONCE : 1);
    if (claimed.length === 0) return undefined;
    const tell = await prepare(claimed, now);
    const answers = await Promise.all(claimed.map((one) => tell(one, signal)));
    observe(answers, now);
    const outcomes = await settleAll(claimed, answers, now);
    const count = (outcome: Settled) => outcomes.filter((one) => one === outcome).length;
    return {
      told: count('told'),
      failed: count('failed'),
      givenUp: count('given_up'),
      error: errorOf(answers),
    };
  }

  /** Settles the sent ones first and in one statement: if the process dies now, as few as possible are sent again. */
  async function settleAll(
    claimed: readonly Notification[],
    answers: readonly Told[],
    now: number,
  ): Promise<readonly Settled[]> {
    const outcomes = claimed.map((one, i) => outcomeOf(one, answers[i]!, now));
    const told = claimed.filter((_, i) => outcomes[i] === 'told');
    await settleNotifications(db, name, told, { outcome: 'told', now });
    for (const [i, outcome] of outcomes.entries())
      if (outcome !== 'told') await settle(claimed[i]!, answers[i]!, outcome, now);
    return outcomes;
  }

  async function settle(
    claimed: Notification,
    told: Told,
    outcome: Exclude<Settled, 'told'>,
    now: number,
  ): Promise<void> {
    const error = 'error' in told ? told.error : null;
    if (outcome === 'not_told' || outcome === 'given_up')
      return settleNotifications(db, name, [claimed], { outcome, now, error });
    const counts = outcome === 'failed';
    const dueAt = now + (counts ? pauseAfter(claimed, told) : NOT_RECORDED_PAUSE_MS);
    return postponeNotifications(db, name, [claimed], { dueAt, error, isUnarrived: false, counts });
  }

  return {
    name,
    async round(pulse: Pulse, signal: AbortSignal): Promise<Round> {
      if (pulse.version === null) return NOTHING_TO_TELL;
      await note(pulse);
      const startedAtMs = performance.now();
      const isOver = () => signal.aborted || performance.now() - startedAtMs >= ROUND_MAX_MS;
      let round = NOTHING_TO_TELL;
      while (!isClosed(pulse.now) && !isOver()) {
        const more = await turn(pulse.now, signal);
        if (!more) break;
        round = sum(round, more);
      }
      return round;
    },
  };
}

type Settled = 'told' | 'not_told' | 'given_up' | 'failed' | 'not recorded';

function outcomeOf({ notedAt, tries }: Notification, told: Told, now: number): Settled {
  switch (told.outcome) {
    case 'accepted':
      return 'told';
    case 'not for it':
      return 'not_told';
    case 'not recorded':
      return 'not recorded';
    default:
      return now - notedAt >= GIVEN_UP_AFTER_MS && tries >= GIVEN_UP_AFTER_TRIES
        ? 'given_up'
        : 'failed';
  }
}

function pauseAfter({ tries }: Notification, told: Told): number {
  return Math.max(askedForMs(told), backOffMs(tries));
}

/** How long the answer asks to wait. */
function askedForMs(told: Told): number {
  return told.outcome === 'unavailable' ? (told.retryAfterMs ?? 0) : 0;
}

function isSent(told: Told): told is Sent {
  return told.outcome !== 'not recorded' && told.outcome !== 'not for it';
}

/** Why one of them failed, null if none did, and undefined if none was sent. */
function errorOf(answers: readonly Told[]): string | null | undefined {
  const sent = answers.filter(isSent);
  if (sent.length === 0) return undefined;
  const failed = sent.find((one) => one.outcome !== 'accepted');
  return failed && 'error' in failed ? failed.error : null;
}

function sum(a: Round, b: Round): Round {
  return {
    told: a.told + b.told,
    failed: a.failed + b.failed,
    givenUp: a.givenUp + b.givenUp,
    error: b.error === undefined ? a.error : b.error,
  };
}
