import {
  deadLetterDiscarded,
  deadLetterReplayed,
  type DeadLetterReplayedData,
  type OutgoingEvent,
} from '@backup-awareness/contracts';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import { parseAuthor, parseComment } from './arguments.js';
import { readClock } from './locked-engine.js';

/** What an administrator decided about dead letters. */
export type LetterDecision = { readonly who: string } & (
  | { readonly to: 'replayed'; readonly comment: string | null }
  | { readonly to: 'discarded'; readonly comment: string }
);

export interface DecidedLetter {
  readonly id: string;
  readonly queue: string;
  readonly reason: string | null;
}

/** The same decision with its author and comment checked, before anything is done. @throws RefusedError */
export function parseDecision<Decision extends LetterDecision>(decision: Decision): Decision {
  const { who, comment } = decision;
  return {
    ...decision,
    who: parseAuthor(who),
    comment: comment === null ? null : parseComment(comment),
  };
}

/**
 * Records a decision about letters for the audit log, all or none of them. The letters may be removed from their queue only
 * afterwards: what is gone is recorded. The order of these events does not matter, so that no lock is needed.
 *
 * @throws RefusedError for an empty author or comment
 */
export async function recordDeadLetters(
  dataSource: DataSource,
  decision: LetterDecision,
  letters: readonly DecidedLetter[],
): Promise<void> {
  const parsed = parseDecision(decision);
  await inTransaction(dataSource, async (manager) => {
    const when = (await readClock(manager)).toISOString();
    await enqueue(
      manager,
      letters.map(({ id, queue, reason }) =>
        decisionEvent(parsed, { what: 'dead letter', from: 'dead', when, id, queue, reason }),
      ),
    );
  });
}

/** The event that announces a decision. */
export function decisionEvent(
  { who, to, comment }: LetterDecision,
  about: Omit<DeadLetterReplayedData, 'who' | 'to' | 'comment'>,
): OutgoingEvent {
  return to === 'replayed'
    ? deadLetterReplayed({ ...about, who, to, comment })
    : deadLetterDiscarded({ ...about, who, to, comment });
}
