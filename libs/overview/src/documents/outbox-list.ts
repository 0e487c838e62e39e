import type { ListedSetAside } from '@backup-awareness/database';
import { z } from 'zod';
import { instant } from './fields.js';

/** `outbox list --json`: the events that were set aside, since they could not be published. */
export const outboxListSchema = z.array(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    exchange: z.string(),
    routing_key: z.string(),
    source: z.string(),
    subject: z.string(),
    time: instant,
    created_at: instant,
    set_aside_at: instant,
    attempts: z.int(),
    last_error: z.string().nullable(),
  }),
);

export type OutboxListDocument = z.infer<typeof outboxListSchema>;

export function outboxListDocument(events: readonly ListedSetAside[]): OutboxListDocument {
  return outboxListSchema.parse(events);
}
