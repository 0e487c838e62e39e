import {
  claimHeads,
  isPendingWith,
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

/** The beginning of what is over, replayed by an administrator: it would begin again at the receiver, and never end. */
const NOT_FOR_IT: Told = { outcome: 'not for it' };

export interface OneByOneOptions {
  readonly name: string;
  readonly db: DataSource;
  /** Whether people read it: they are not notified of an alert that was dismissed before. */
  readonly isReadByPeople: boolean;
  /** Of its URL, if what was sent to another URL does not count. */
  readonly address?: string | null;
  /** Reads the subjects of these notifications as of `now`, and returns a function that sends one. */
  readonly prepare: (
    claimed: readonly Notification[],
    now: number,
  ) => Promise<(one: Notification, signal: AbortSignal) => Promise<Told>>;
}

const AT_ONCE = 20;
const NOT_RECORDED_PAUSE_MS = 2_000;

/** An event that takes longer is a failure. */
const RECORDED_WITHIN_MS = 5 * 60_000;
const NOT_RECORDED = 'audit has not recorded an event: look at the service audit';

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
export function oneByOne({
  name,
  db,
  isReadByPeople,
  prepare,
  address = null,
}: OneByOneOptions): Destination {
  const note = noting(db, name, isReadByPeople, address);
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

  async function turn(now: number, signal: AbortSignal): Promise<Turn | undefined> {
    // One is enough to see whether the destination is available again.
    const claimed = await claimHeads(db, name, now, failures === 0 ? AT_ONCE : 1, address);
    if (claimed.length === 0) return undefined;
    const tell = await prepare(claimed, now);
    const answers = await Promise.all(
      claimed.map((one): Promise<Told> | Told => (one.isOver ? NOT_FOR_IT : tell(one, signal))),
    );
    observe(answers, now);
    const ends = claimed.map((one, i) => endOf(one, answers[i]!, now));
    await settleAll(claimed, ends, now);
    const count = (outcome: End['outcome']) => ends.filter((one) => one.outcome === outcome).length;
    return {
      told: count('told'),
      failed: count('failed'),
      givenUp: count('given_up'),
      error: await errorOf(answers, ends),
      isIdle: answers.every(({ outcome }) => outcome === 'not recorded'),
    };
  }

  /** Those that end alike in one statement, and the sent ones first: if the process dies now, as few as possible are sent again. */
  async function settleAll(
    claimed: readonly Notification[],
    ends: readonly End[],
    now: number,
  ): Promise<void> {
    const alike = new Map<string, { readonly end: End; readonly some: Notification[] }>();
    ends.forEach((end, i) => {
      const key = JSON.stringify(end);
      const group = alike.get(key) ?? { end, some: [] };
      group.some.push(claimed[i]!);
      alike.set(key, group);
    });
    const groups = [...alike.values()].sort((a, b) => rankOf(a.end) - rankOf(b.end));
    for (const { end, some } of groups) await settle(some, end, now);
  }

  async function settle(some: readonly Notification[], end: End, now: number): Promise<void> {
    const { outcome, error } = end;
    if (outcome !== 'failed' && outcome !== 'early')
      return settleNotifications(db, name, some, { outcome, now, error, address });
    const counts = outcome === 'failed';
    const { dueAt } = end;
    const how = { dueAt, error, isUnarrived: false, counts, address };
    return postponeNotifications(db, name, some, how);
  }

  /** Why one of them failed, null if none did, and undefined if none was sent. */
  async function errorOf(
    answers: readonly Told[],
    ends: readonly End[],
  ): Promise<string | null | undefined> {
    const failed = ends.filter(({ outcome }) => outcome === 'failed' || outcome === 'given_up');
    const first = failed.find(({ error }) => error !== NOT_RECORDED) ?? failed[0];
    if (first) return first.error;
    if (!answers.some(isSent)) return undefined;
    // Between two attempts at it, the success of others does not end that failure.
    return (await isPendingWith(db, name, NOT_RECORDED)) ? NOT_RECORDED : null;
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
        // The next ones wait for the same.
        if (more.isIdle) break;
      }
      return round;
    },
  };
}

/** A round's part, and whether all of it only waits for audit. */
type Turn = Round & { readonly isIdle: boolean };

/** What becomes of a claimed notification; `early`: its event is not recorded yet, which is no failure. */
type End = { readonly error: string | null } & (
  | { readonly outcome: 'told' | 'not_told' | 'given_up' }
  | { readonly outcome: 'failed' | 'early'; readonly dueAt: number }
);

function endOf(one: Notification, told: Told, now: number): End {
  switch (told.outcome) {
    case 'accepted':
      return { outcome: 'told', error: null };
    case 'not for it':
      return { outcome: 'not_told', error: null };
    case 'not recorded':
      return now - one.notedAt < RECORDED_WITHIN_MS
        ? { outcome: 'early', error: null, dueAt: now + NOT_RECORDED_PAUSE_MS }
        : failureOf(one, NOT_RECORDED, 0, now);
    default:
      return failureOf(one, told.error, askedForMs(told), now);
  }
}

function failureOf(
  { notedAt, tries }: Notification,
  error: string,
  pauseMinMs: number,
  now: number,
): End {
  const isGivenUp = now - notedAt >= GIVEN_UP_AFTER_MS && tries >= GIVEN_UP_AFTER_TRIES;
  if (isGivenUp) return { outcome: 'given_up', error };
  return { outcome: 'failed', error, dueAt: now + Math.max(pauseMinMs, backOffMs(tries)) };
}

function rankOf({ outcome }: End): number {
  return outcome === 'told' ? 0 : 1;
}

/** How long the answer asks to wait. */
function askedForMs(told: Told): number {
  return told.outcome === 'unavailable' ? (told.retryAfterMs ?? 0) : 0;
}

function isSent(told: Told): told is Sent {
  return told.outcome !== 'not recorded' && told.outcome !== 'not for it';
}

function sum(a: Round, b: Round): Round {
  return {
    told: a.told + b.told,
    failed: a.failed + b.failed,
    givenUp: a.givenUp + b.givenUp,
    error: b.error === undefined ? a.error : b.error,
  };
}
