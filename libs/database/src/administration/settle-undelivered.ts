import type { DataSource } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import { UNDELIVERED_ID, type ListedUndelivered } from './list-undelivered.js';
import { readClock } from './locked-engine.js';
import { decisionEvent, parseDecision, type LetterDecision } from './record-dead-letters.js';

/** Pending again, with all its attempts and in the order of its engine. */
const REPLAYED = `settled_at = NULL, outcome = NULL, tries = 0, batch = NULL, noted_at = $2, due_at = $2`;

/** Deliberately not sent. */
const DISCARDED = `settled_at = $2, outcome = 'not_told'`;

type Settled = Pick<ListedUndelivered, 'id' | 'queue' | 'reason'>;

/**
 * Has notifications that were given up sent again, or gives them up for good, and records that for the audit log, in one transaction.
 *
 * @param ids of any dead letters: those of the broker's queues are ignored
 * @returns those that were settled
 * @throws RefusedError for an empty author or comment
 */
export async function settleUndelivered(
  dataSource: DataSource,
  decision: LetterDecision,
  ids: readonly string[],
): Promise<readonly Settled[]> {
  const parsed = parseDecision(decision);
  return inTransaction(dataSource, async (manager) => {
    const now = await readClock(manager);
    const [settled]: [Settled[], number] = await manager.query(
      `UPDATE notification SET ${parsed.to === 'replayed' ? REPLAYED : DISCARDED}
       WHERE outcome = 'given_up' AND ${UNDELIVERED_ID}::text = ANY ($1)
       RETURNING ${UNDELIVERED_ID} AS id, destination AS queue, last_error AS reason`,
      [ids, now],
    );
    const about = { what: 'dead letter', from: 'dead', when: now.toISOString() };
    await enqueue(
      manager,
      settled.map((one) => decisionEvent(parsed, { ...about, ...one })),
    );
    return settled;
  });
}
