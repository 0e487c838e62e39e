import type { LettersPage, Queue } from './letters.js';
import type { words } from '../../words/words.js';

export type Kind = keyof typeof words.deadLetters.kind;

type Group = LettersPage['groups'][number];

/** All letters of one cause. */
export interface ReasonGroup {
  readonly key: string;
  readonly kind: Kind;
  /** The part of the message that is wrong in each of them; null: there is none, or each has its own. */
  readonly path: string | null;
  /** As it was given; null: there is none, or each letter has its own. */
  readonly reason: string | null;
  readonly queues: readonly { readonly queue: Queue; readonly count: number }[];
  readonly count: number;
  readonly oldestAt: string | null;
}

/** The beginnings of the reasons that services give; any other with `expected` is about an invalid part. */
const KINDS: readonly (readonly [start: string, kind: Kind])[] = [
  ['not authorised', 'not_authorised'],
  ['unknown engine', 'unknown_engine'],
  ['id reused', 'id_reused'],
  ['nobody could handle the message', 'unhandled'],
  ['dead-lettered by the broker', 'by_broker'],
];

/** What kind of reason it is, on which depends what helps. */
export function kindOf(queue: Queue, reason: string | null): Kind {
  if (queue === 'webhook' || queue === 'ovirt') return 'undelivered';
  if (queue === 'unrouted') return 'unrouted';
  if (reason === null) return 'unknown';
  const found = KINDS.find(([start]) => reason.startsWith(start));
  if (found) return found[1];
  return reason.includes(': expected ') ? 'invalid' : 'unknown';
}

/**
 * What letters have in common that are one thing to mend. A reason tells the value, too, which is another one in each letter: of an invalid
 * message the cause is its kind and the part that is invalid, of one that a destination did not accept it is the destination.
 */
export function causeOf({ queue, reason, path }: Pick<Group, 'queue' | 'reason' | 'path'>): string {
  const kind = kindOf(queue, reason);
  switch (kind) {
    case 'invalid':
      return JSON.stringify([kind, path ?? reason]);
    case 'not_authorised':
    case 'unknown_engine':
    case 'id_reused':
    case 'unhandled':
      return kind;
    case 'undelivered':
    case 'unrouted':
      return JSON.stringify([kind, queue]);
    case 'by_broker':
    case 'unknown':
      return JSON.stringify(reason === null ? [kind, null, queue] : [kind, reason]);
  }
}

/** A report that is invalid is refused by ingest and by audit: both are one cause. Without one, letters are grouped by their queue. */
export function groupByReason(groups: LettersPage['groups']): ReasonGroup[] {
  const byKey = new Map<string, ReasonGroup>();
  for (const group of groups) {
    const { queue, reason, count } = group;
    const key = causeOf(group);
    const kind = kindOf(queue, reason);
    const known = byKey.get(key);
    byKey.set(key, {
      key,
      kind,
      path: common(known?.path, group.path),
      reason: common(known?.reason, reason),
      queues: counted(known?.queues ?? [], queue, count),
      count: (known?.count ?? 0) + count,
      oldestAt: older(known?.oldestAt ?? null, group.oldest_at),
    });
  }
  return [...byKey.values()].sort((a, b) => b.count - a.count);
}

/** Of all letters so far, undefined before the first, and of one more; null where they differ. */
function common(known: string | null | undefined, more: string | null): string | null {
  return known === undefined || known === more ? more : null;
}

function counted(queues: ReasonGroup['queues'], queue: Queue, count: number) {
  const before = queues.find((one) => one.queue === queue)?.count ?? 0;
  return [...queues.filter((one) => one.queue !== queue), { queue, count: before + count }];
}

function older(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** What `GET /dead-letters` is asked for the letters of a group; others may come with them. */
export function queryOf({ path, reason, queues }: ReasonGroup): {
  path?: string;
  reason?: string;
  queue?: Queue;
} {
  if (path !== null) return { path };
  return {
    ...(reason !== null && { reason }),
    ...(queues.length === 1 && { queue: queues[0]!.queue }),
  };
}
