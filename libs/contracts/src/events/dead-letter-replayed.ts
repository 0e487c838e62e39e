import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';
import { textField } from '../values/fields.js';

export const DEAD_LETTER_REPLAYED = 'DeadLetterReplayed';

/** What an administrator's decision about a dead letter says, or about an event that was set aside (`queue` is `outbox`). */
export const deadLetterFields = {
  ...administrationFields,
  id: textField,
  queue: textField,
  /** Why it was refused; null if nobody refused it: nothing was bound, or it expired. */
  reason: textField.nullable(),
};

/** An administrator had a dead letter published again where it came from; the broker has confirmed it. */
export const deadLetterReplayedData = z.object({
  ...deadLetterFields,
  comment: textField.nullable(),
});
export type DeadLetterReplayedData = z.input<typeof deadLetterReplayedData>;

export function deadLetterReplayed(
  data: DeadLetterReplayedData,
): OutgoingEvent<DeadLetterReplayedData> {
  return administrationEvent(DEAD_LETTER_REPLAYED, data);
}

export const deadLetterReplayedExample: DeadLetterReplayedData = {
  who: 'root',
  what: 'dead letter',
  from: 'dead',
  to: 'replayed',
  when: '2026-11-23T03:00:00.000Z',
  id: '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e42',
  queue: 'ingest',
  reason: 'not authorised: expected the broker user of that engine, got "engine-2"',
  comment: 'The engine has its broker user now',
};
