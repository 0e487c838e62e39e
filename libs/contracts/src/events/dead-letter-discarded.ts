import { z } from 'zod';
import { administrationEvent } from './administration-event.js';
import { deadLetterFields } from './dead-letter-replayed.js';
import type { OutgoingEvent } from './event.js';
import { textField } from '../values/fields.js';

export const DEAD_LETTER_DISCARDED = 'DeadLetterDiscarded';

/** An administrator gave up a dead letter, or an event that was set aside; it is gone. */
export const deadLetterDiscardedData = z.object({ ...deadLetterFields, comment: textField });
export type DeadLetterDiscardedData = z.input<typeof deadLetterDiscardedData>;

export function deadLetterDiscarded(
  data: DeadLetterDiscardedData,
): OutgoingEvent<DeadLetterDiscardedData> {
  return administrationEvent(DEAD_LETTER_DISCARDED, data);
}

export const deadLetterDiscardedExample: DeadLetterDiscardedData = {
  who: 'root',
  what: 'dead letter',
  from: 'dead',
  to: 'discarded',
  when: '2026-11-23T03:00:00.000Z',
  id: '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e42',
  queue: 'ingest',
  reason: 'data.done_at: expected an instant like 2026-11-23T02:00:00Z, got "yesterday"',
  comment: 'A test of the new host',
};
