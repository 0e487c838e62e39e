import type { LettersPage, Queue } from './letters.js';
import type { words } from '../../words/words.js';

export type Kind = keyof typeof words.deadLetters.kind;

/** All letters of one reason. */
export interface ReasonGroup {
  readonly key: string;
  readonly kind: Kind;
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

/** A report that is invalid is refused by ingest and by audit: both are one reason. Without one, letters are grouped by their queue. */
export function groupByReason(groups: LettersPage['groups']): ReasonGroup[] {
  const byKey = new Map<string, ReasonGroup>();
  for (const { queue, reason, count, oldest_at } of groups) {
    const kind = kindOf(queue, reason);
    const key = JSON.stringify(reason === null ? [kind, null, queue] : [kind, reason]);
    const known = byKey.get(key);
    byKey.set(key, {
      key,
      kind,
      reason,
      queues: [...(known?.queues ?? []), { queue, count }],
      count: (known?.count ?? 0) + count,
      oldestAt: older(known?.oldestAt ?? null, oldest_at),
    });
  }
  return [...byKey.values()].sort((a, b) => b.count - a.count);
}

function older(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** What `GET /dead-letters` is asked for the letters of a group. */
export function queryOf({ reason, queues }: ReasonGroup): { reason?: string; queue?: Queue } {
  if (reason !== null) return { reason };
  return { queue: queues[0]!.queue };
}
