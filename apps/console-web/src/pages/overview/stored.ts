import type { Answer } from '../../api/use-answer.js';

type System = Pick<Answer<'/system'>, 'queues' | 'lag'>;

/** Messages that have come, by what has become of them. */
export interface Received {
  /** On the way to the database. */
  readonly waiting: number;
  /** Not stored: invalid, or of no kind that anything takes. */
  readonly notStored: number;
  /** All that need somebody to look at them. */
  readonly deadLetters: number;
}

const DEAD = '.dead';
const UNROUTED = 'ovirt.unrouted';
/** What arrives here was never stored. */
const NOT_STORED: readonly string[] = ['backup-awareness.ingest.dead', UNROUTED];

/** Whether everything that was received is stored; undefined where one of its queues is unknown. */
export function receivedOf({ queues, lag }: System): Received | undefined {
  const waiting = lag?.ingest_waiting;
  if (queues === null || waiting === null || waiting === undefined) return undefined;
  const dead = queues.filter(({ name }) => name.endsWith(DEAD) || name === UNROUTED);
  const isKnown = NOT_STORED.every((known) => dead.some(({ name }) => name === known));
  if (!isKnown || dead.some(({ messages }) => messages === null)) return undefined;
  const sum = (some: typeof dead) => some.reduce((all, { messages }) => all + (messages ?? 0), 0);
  return {
    waiting,
    notStored: sum(dead.filter(({ name }) => NOT_STORED.includes(name))),
    deadLetters: sum(dead),
  };
}
