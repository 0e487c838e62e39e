import { describe } from '@backup-awareness/contracts';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import { readClock } from './locked-engine.js';
import { decisionEvent, parseDecision, type LetterDecision } from './record-dead-letters.js';
import { refuseWith } from './refused-error.js';

/** `retried` makes it pending again, with all its attempts; `discarded` deletes it. */
type SetAsideDecision = { readonly who: string } & (
  | { readonly to: 'retried'; readonly comment: string | null }
  | { readonly to: 'discarded'; readonly comment: string }
);

/**
 * Has an event that was set aside published again, or gives it up, and records that for the audit log, in one transaction. An event
 * that is published out of turn keeps its own time and sequence.
 *
 * @throws RefusedError for the id of an event that is not set aside
 */
export async function settleSetAside(
  dataSource: DataSource,
  eventId: string,
  { who, to, comment }: SetAsideDecision,
): Promise<void> {
  const decision: LetterDecision = parseDecision(
    to === 'retried' ? { who, to: 'replayed', comment } : { who, to, comment },
  );
  await inTransaction(dataSource, async (manager) => {
    const [rows]: [{ lastError: string | null }[], number] = await manager.query(
      to === 'retried'
        ? `UPDATE outbox SET set_aside_at = NULL, attempts = 0 WHERE event_id = $1 AND set_aside_at IS NOT NULL
           RETURNING last_error AS "lastError"`
        : `DELETE FROM outbox WHERE event_id = $1 AND set_aside_at IS NOT NULL RETURNING last_error AS "lastError"`,
      [eventId],
    );
    const [row] = rows;
    if (!row)
      refuseWith(
        'id',
        'the id of an event that was set aside (see backup-awareness outbox list)',
        describe(eventId),
      );
    const when = (await readClock(manager)).toISOString();
    const about = { what: 'event', from: 'set aside', when, id: eventId, queue: 'outbox' };
    await enqueue(manager, [decisionEvent(decision, { ...about, reason: row.lastError })]);
  });
}
