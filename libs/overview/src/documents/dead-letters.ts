import type { DeadLetter } from '@backup-awareness/messaging/dead-letters';
import { z } from 'zod';
import type { UndeliveredEvent } from '../state/undelivered-events.js';

const listedSchema = z
  .strictObject({
    id: z.string(),
    queue: z.enum(['ingest', 'audit', 'unrouted', 'webhook', 'ovirt']),
    reason: z.string().nullable(),
    path: z.string().nullable(),
    expected: z.string().nullable(),
    got: z.string().nullable(),
    /** As the service or the broker has written it. */
    received_at: z.string().nullable(),
    dead_at: z.string().nullable(),
    exchange: z.string(),
    routing_key: z.string(),
    message_id: z.string().nullable(),
    user_id: z.string().nullable(),
    bytes: z.int(),
  })
  .meta({ id: 'ListedDeadLetter' });

/** `dead-letters list --json`; what is unknown is null. */
export const deadLettersListSchema = z.array(listedSchema);

/** A dead letter at the broker, or an event that was not delivered. */
export type AnyDeadLetter = DeadLetter | UndeliveredEvent;

export type DeadLettersListDocument = z.infer<typeof deadLettersListSchema>;

/** `dead-letters show ID --json`: the letter with its payload, in base64 if that is not UTF-8. */
export const deadLetterSchema = listedSchema
  .extend({
    type: z.string().nullable(),
    content_type: z.string().nullable(),
    payload: z.string().nullable(),
    payload_base64: z.string().nullable(),
  })
  .meta({ id: 'DeadLetter' });

export type DeadLetterDocument = z.infer<typeof deadLetterSchema>;

export function deadLettersListDocument(
  letters: readonly AnyDeadLetter[],
): DeadLettersListDocument {
  return deadLettersListSchema.parse(letters.map(listedFields));
}

/** @param properties of the message */
export function deadLetterDocument(
  letter: AnyDeadLetter,
  properties: { readonly type?: unknown; readonly contentType?: unknown },
  body: Buffer,
): DeadLetterDocument {
  const payload = utf8(body);
  return deadLetterSchema.parse({
    ...listedFields(letter),
    type: properties.type ?? null,
    content_type: properties.contentType ?? null,
    payload,
    payload_base64: payload === null ? body.toString('base64') : null,
  });
}

function listedFields(letter: AnyDeadLetter): z.infer<typeof listedSchema> {
  return {
    id: letter.id,
    queue: letter.queue,
    reason: letter.reason,
    path: letter.path,
    expected: letter.expected,
    got: letter.got,
    received_at: letter.receivedAt,
    dead_at: letter.deadAt,
    exchange: letter.exchange,
    routing_key: letter.routingKey,
    message_id: letter.messageId,
    user_id: letter.userId,
    bytes: letter.bytes,
  };
}

function utf8(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}
