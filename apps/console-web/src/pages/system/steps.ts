import { formatCount, formatDuration, formatRelative } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { System } from './answer.js';

const { system: text } = words;

export type State = 'good' | 'warning' | 'bad' | 'unknown';

export interface Box {
  readonly name: string;
  /** Undefined: it is not looked after from here. */
  readonly state?: State;
  readonly notes: readonly string[];
}

/** Boxes at the same place of the way of a report, and what waits on the arrow that leads to them. */
export interface Step {
  readonly boxes: readonly Box[];
  readonly arrow?: { readonly text: string; readonly isWaiting: boolean };
}

/** From the engine's host to the database. @param now in milliseconds */
export function wayIn(system: System, now: number): readonly Step[] {
  return [
    { boxes: [{ name: text.engineBackup, notes: [text.onHosts] }] },
    { boxes: [{ name: text.shim, notes: [text.spool] }], arrow: unmeasured(text.reports) },
    { boxes: [broker(system)], arrow: unmeasured(text.reports) },
    {
      boxes: [service(system, 'ingest', system.lag?.proven_at.ingest, now)],
      arrow: waiting(system.lag?.ingest_waiting),
    },
    { boxes: [database(system)], arrow: unmeasured(text.stored) },
  ];
}

/** From the database to those who have to know. @param now in milliseconds */
export function wayOut(system: System, now: number): readonly Step[] {
  return [
    { boxes: [database(system)] },
    { boxes: [checker(system, now)], arrow: decided(system.lag?.proven_at.decision, now) },
    { boxes: [outbox(system, now)], arrow: unmeasured(text.decisions) },
    { boxes: [broker(system)], arrow: pending(system, now) },
    {
      boxes: [
        service(system, 'audit', system.lag?.proven_at.audit, now),
        notifier(system),
        { name: text.subscribers, notes: [text.ownQueues] },
      ],
      arrow: waiting(system.lag?.audit_waiting),
    },
  ];
}

type Arrow = NonNullable<Step['arrow']>;
const flow = (label: string): Arrow => ({ text: label, isWaiting: false });
const unmeasured = (label: string): Arrow => flow(text.notMeasured(label));

/** The checker reads the database itself: nothing waits, and its last decision tells how far behind it is. */
function decided(at: string | null | undefined, now: number): Arrow {
  return at ? flow(text.decided(formatRelative(at, now))) : unmeasured(text.reports);
}

function waiting(messages: number | null | undefined): Arrow {
  if (messages === null || messages === undefined) return flow(text.waitingUnknown);
  return { text: text.waiting(formatCount(messages)), isWaiting: messages > 0 };
}

function pending({ outbox: state }: System, now: number): Arrow {
  if (!state) return flow(text.waitingUnknown);
  const age = state.oldest_waiting_at && formatDuration(now - Date.parse(state.oldest_waiting_at));
  const count = text.pending(formatCount(state.waiting));
  return {
    text: age === null ? count : `${count}, ${text.oldest(age)}`,
    isWaiting: state.waiting > 0,
  };
}

/** Why a part is unknown; undefined: it is known. */
const whyUnknown = ({ unknown }: System, part: System['unknown'][number]['part']) =>
  unknown.find((one) => one.part === part)?.reason;

function broker(system: System): Box {
  const reason = whyUnknown(system, 'queues');
  const { rabbitmq } = system.versions;
  const missing = (system.queues ?? []).filter(({ messages }) => messages === null);
  const state = system.queues === null ? 'unknown' : missing.length > 0 ? 'bad' : 'good';
  return {
    name: text.broker,
    state,
    notes: notesOf(
      reason,
      ...missing.map(({ name }) => text.missingQueue(name)),
      rabbitmq && `RabbitMQ ${rabbitmq}`,
    ),
  };
}

function database(system: System): Box {
  const reason = whyUnknown(system, 'database');
  const { postgresql } = system.versions;
  const state = system.now === null ? 'unknown' : 'good';
  return {
    name: text.database,
    state,
    notes: notesOf(reason, postgresql && `PostgreSQL ${postgresql}`),
  };
}

function service(
  system: System,
  name: 'ingest' | 'audit',
  provenAt: string | null | undefined,
  now: number,
): Box {
  const { state, notes } = readiness(system, name);
  const proven = provenAt && text.proven(formatRelative(provenAt, now));
  return {
    name: text[name],
    state: state === 'good' && isUnproven(provenAt, now) ? 'bad' : state,
    notes: [...notes, ...notesOf(proven)],
  };
}

/** As long as a proof is worth something to the product (libs/overview). One that never was is told of by the overview. */
const PROOF_LASTS_MS = 120_000;

/** Whether a stage that has worked does not any more, though its service says that it is ready. */
function isUnproven(provenAt: string | null | undefined, now: number): boolean {
  return provenAt ? Math.abs(now - Date.parse(provenAt)) > PROOF_LASTS_MS : false;
}

/** Of all replicas of a service. */
export function readiness(system: System, name: string): { state: State; notes: string[] } {
  if (system.services === null)
    return { state: 'unknown', notes: notesOf(whyUnknown(system, 'services')) };
  const replicas = system.services.filter((one) => one.name === name);
  if (replicas.length === 0) return { state: 'unknown', notes: [text.noService] };
  const ready = replicas.filter((one) => one.ready).length;
  const state = ready === replicas.length ? 'good' : ready > 0 ? 'warning' : 'bad';
  const reasons = replicas.flatMap((one) =>
    one.reasons.map(({ part, reason }) => `${part}: ${reason}`),
  );
  return { state, notes: [text.ready(ready, replicas.length), ...new Set(reasons)] };
}

const CHECKS = {
  in_time: 'good',
  disabled: 'warning',
  never_checked: 'unknown',
  overdue: 'bad',
  clock_behind: 'bad',
  settings_unreadable: 'bad',
} as const satisfies Record<NonNullable<System['checker']>['checks'], State>;

function checker(system: System, now: number): Box {
  const { checker: state } = system;
  if (!state)
    return { name: text.checker, state: 'unknown', notes: notesOf(whyUnknown(system, 'database')) };
  const { checks, leader, last_check, next_check_at } = state;
  const of = readiness(system, 'freshness-checker');
  const isBad = leader === null || of.state === 'bad';
  return {
    name: text.checker,
    state: isBad
      ? 'bad'
      : CHECKS[checks] === 'good' && of.state === 'warning'
        ? 'warning'
        : CHECKS[checks],
    notes: notesOf(
      leader === null && text.noLeader,
      text.checks[checks],
      last_check && text.lastCheck(formatRelative(last_check.at, now)),
      next_check_at && nextCheck(next_check_at, now),
    ),
  };
}

function nextCheck(at: string, now: number): string {
  const when = formatRelative(at, now);
  return Date.parse(at) > now ? text.nextCheck(when) : text.dueCheck(when);
}

function outbox(system: System, now: number): Box {
  const { outbox: state, lag } = system;
  if (!state)
    return { name: text.outbox, state: 'unknown', notes: notesOf(whyUnknown(system, 'database')) };
  const proven = lag?.proven_at.relay;
  return {
    name: text.outbox,
    state:
      state.is_late || isUnproven(proven, now) ? 'bad' : state.set_aside > 0 ? 'warning' : 'good',
    notes: notesOf(
      state.is_late && text.late,
      state.set_aside > 0 && text.setAside(formatCount(state.set_aside)),
      proven && text.proven(formatRelative(proven, now)),
    ),
  };
}

function notifier(system: System): Box {
  const { notifier: state } = system;
  if (!state)
    return {
      name: text.notifier,
      state: 'unknown',
      notes: notesOf(whyUnknown(system, 'database')),
    };
  const { destinations, undelivered } = state;
  // Where the console does not know it, its destinations tell whether it runs.
  const isAsked = system.services?.some(({ name }) => name === 'notifier') ?? false;
  const of = isAsked ? readiness(system, 'notifier') : { state: 'good', notes: [] };
  if (destinations.length === 0 && undelivered === 0 && of.state === 'good')
    return { name: text.notifier, notes: [text.noDestination] };
  // A console of before it told so leaves it out.
  const unserved = destinations.filter(({ served }) => served === false);
  const failing = destinations.filter((one) => one.served !== false && one.failing_since !== null);
  const isBad = of.state === 'bad' || unserved.length > 0 || failing.length > 0;
  return {
    name: text.notifier,
    state: isBad ? 'bad' : of.state === 'warning' || undelivered > 0 ? 'warning' : 'good',
    notes: notesOf(
      ...of.notes,
      text.destinationsOf(destinations.length),
      ...unserved.map(({ destination }) => text.unserved(destination)),
      ...failing.map(({ destination }) => text.failing(destination)),
      undelivered > 0 && text.undelivered(formatCount(undelivered)),
    ),
  };
}

function notesOf(...notes: (string | null | undefined | false)[]): string[] {
  return notes.filter((note): note is string => typeof note === 'string' && note !== '');
}
