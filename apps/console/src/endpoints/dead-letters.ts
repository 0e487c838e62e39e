import { CLOUD_EVENT_CONTENT_TYPE } from '@backup-awareness/contracts';
import { parseDecision, recordDeadLetters, settleUndelivered } from '@backup-awareness/database';
import { LETTER_QUEUE_NAMES } from '@backup-awareness/messaging/dead-letters';
import {
  deadLetterDocument,
  deadLetterSchema,
  deadLettersListDocument,
  deadLettersListSchema,
  type AnyDeadLetter,
} from '@backup-awareness/overview/documents';
import { payloadLines } from '@backup-awareness/overview/payload-lines';
import { readUndeliveredEvents } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Letters, ListedLetters } from '../dead-letters/letters.js';
import { endpoint, type Endpoint } from '../http/endpoint.js';
import { Problem } from '../http/problem.js';
import { wholeText } from './fields.js';

/** Those of the broker, and the destinations of notifications. */
const QUEUES = [...LETTER_QUEUE_NAMES, 'webhook', 'ovirt'] as const;
const CURSOR_EXPECTED = 'a next_cursor of this list';

/** Whether there are letters is then said by `broker_unknown`. */
const NOTHING_READ: ListedLetters = { letters: [], isComplete: true };

const listQuery = z.strictObject({
  queue: z.enum(QUEUES, { error: `one of ${QUEUES.join(', ')}` }).optional(),
  /** Only those with just this reason. */
  reason: z.string().max(1_000, { error: 'at most 1000 characters' }).optional(),
  /** Only those of which just this part is invalid. */
  path: z.string().max(1_000, { error: 'at most 1000 characters' }).optional(),
  cursor: z.string({ error: CURSOR_EXPECTED }).max(2_000, { error: CURSOR_EXPECTED }).optional(),
  limit: wholeText(1, 1_000).default(100),
});

const pageSchema = z.strictObject({
  items: deadLettersListSchema,
  next_cursor: z.string().nullable(),
  /** Of the selection. */
  total: z.int(),
  /** How many letters there are for each reason, the most first; not only of the selection. */
  groups: z.array(
    z.strictObject({
      queue: z.enum(QUEUES),
      reason: z.string().nullable(),
      /** The part of the message that is invalid. */
      path: z.string().nullable(),
      count: z.int(),
      oldest_at: z.string().nullable(),
    }),
  ),
  /** False: a queue has more than are read at once, so that some are not shown. Every queue is read. */
  is_complete: z.boolean(),
  /** Why nothing is known of those at the broker; null: they are known. */
  broker_unknown: z.string().nullable(),
});

const shownSchema = deadLetterSchema.extend({
  /** As they came; null if they cannot be shown. */
  headers: z.record(z.string(), z.unknown()).nullable(),
  /** The payload laid out, with the invalid part marked. */
  lines: z.array(z.strictObject({ text: z.string(), is_marked: z.boolean() })),
});

const idParams = z.strictObject({
  id: z
    .string()
    .max(100, { error: 'the id of a dead letter' })
    .transform((text) => text.trim().toLowerCase()),
});

const settledSchema = z.strictObject({
  id: z.string(),
  outcome: z.enum(['replayed', 'discarded']),
});

export const DEAD_LETTER_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/dead-letters',
    summary:
      'Messages that were refused for good, could not be delivered, or found no queue: page by page, the oldest first. Each stays where it is',
    needs: 'viewer',
    schemas: { query: listQuery },
    answer: pageSchema,
    handle: async ({ db, access: { letters }, query }) => {
      const [undelivered, atBroker] = await Promise.all([
        readUndeliveredEvents(db),
        letters.list().catch((error: unknown) => {
          if (error instanceof Problem) return error;
          throw error;
        }),
      ]);
      const found = atBroker instanceof Problem ? NOTHING_READ : atBroker;
      const all: AnyDeadLetter[] = [...found.letters, ...undelivered].toSorted(byPlace);
      const chosen = all.filter(
        ({ queue, reason, path }) =>
          (query.queue === undefined || queue === query.queue) &&
          (query.reason === undefined || reason === query.reason) &&
          (query.path === undefined || path === query.path),
      );
      const after = query.cursor === undefined ? '' : placeInCursor(query.cursor);
      const rest = chosen.filter((letter) => placeOf(letter) > after);
      const page = rest.slice(0, query.limit);
      return {
        items: deadLettersListDocument(page),
        next_cursor: rest.length > page.length ? cursorOf(page.at(-1)!) : null,
        total: chosen.length,
        groups: groupsOf(all),
        is_complete: found.isComplete,
        broker_unknown: atBroker instanceof Problem ? atBroker.message : null,
      };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/dead-letters/{id}',
    summary: 'One dead letter with its payload; it stays where it is',
    needs: 'viewer',
    schemas: { params: idParams },
    answer: shownSchema,
    handle: async ({ db, access: { letters }, identity: { role }, params: { id } }) => {
      const { letter, properties, content } =
        (await findLetter(db, letters, { id, role })) ?? noLetter(id);
      return {
        ...deadLetterDocument(letter, properties, content),
        headers: plainHeaders(properties.headers),
        lines: payloadLines(content, letter.path).map(({ text, isMarked }) => ({
          text,
          is_marked: isMarked,
        })),
      };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/dead-letters/{id}/replay',
    summary:
      'Publish it unchanged to where it came from; it is judged again, and becomes the same dead letter if it is still invalid',
    needs: 'operator',
    schemas: {
      params: idParams,
      body: z.strictObject({ comment: z.string().nullable().default(null) }),
    },
    answer: settledSchema,
    handle: async ({ db, access: { letters }, identity: { who }, params: { id }, body }) => {
      const decision = parseDecision({ who, to: 'replayed' as const, comment: body.comment });
      await settle(db, decision, id, async (chosen) => {
        const [refused] = await letters.replay(chosen);
        if (refused)
          throw new Problem(409, `it cannot be replayed: ${NOT_REPLAYABLE[refused.why]}`);
      });
      return { id, outcome: 'replayed' };
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/dead-letters/{id}',
    summary: 'Discard it, after that is recorded',
    needs: 'operator',
    schemas: {
      params: idParams,
      body: z.strictObject({ comment: z.string({ error: 'a reason in one line' }) }),
    },
    answer: settledSchema,
    handle: async ({ db, access: { letters }, identity: { who }, params: { id }, body }) => {
      const decision = parseDecision({ who, to: 'discarded' as const, comment: body.comment });
      await settle(db, decision, id, (chosen) => letters.discard(chosen));
      return { id, outcome: 'discarded' };
    },
  }),
];

const NOT_REPLAYABLE = {
  not_as_it_came: 'its headers or properties were left out or cannot be read',
  headers_not_writable: 'its headers or properties cannot be written again',
  unknown_exchange: 'it was not published through one of our exchanges',
} as const;

/** In the database, or else at the broker. @throws Problem 404 */
async function settle(
  db: DataSource,
  decision: Parameters<typeof recordDeadLetters>[1],
  id: string,
  atBroker: (chosen: Parameters<Letters['discard']>[0]) => Promise<void>,
): Promise<void> {
  if ((await settleUndelivered(db, decision, [id])).length > 0) return;
  let isSettled = false;
  await atBroker({
    isChosen: (letter) => letter.id === id,
    record: (some) => recordDeadLetters(db, decision, some),
    onSettled: () => (isSettled = true),
  });
  if (!isSettled) noLetter(id);
}

async function findLetter(
  db: DataSource,
  letters: Letters,
  { id, role }: { readonly id: string; readonly role: 'viewer' | 'operator' },
) {
  const undelivered = (await readUndeliveredEvents(db)).find((one) => one.id === id);
  if (undelivered)
    return {
      letter: undelivered,
      properties: { contentType: CLOUD_EVENT_CONTENT_TYPE, headers: {} },
      content: undelivered.body,
    };
  const taken = await letters.find(id, role);
  return (
    taken && {
      letter: taken.letter,
      properties: taken.message.properties,
      content: taken.message.content,
    }
  );
}

function noLetter(id: string): never {
  throw new Problem(404, `no dead letter has the id ${JSON.stringify(id)}`, {
    path: 'path.id',
    expected: 'an id of GET /dead-letters',
    got: JSON.stringify(id),
  });
}

/** Where a letter stands in the list, which others that come or go do not change. */
function placeOf({ deadAt, receivedAt, id }: AnyDeadLetter): string {
  return [deadAt ?? receivedAt ?? '', id].join(' ');
}

function byPlace(a: AnyDeadLetter, b: AnyDeadLetter): number {
  const [first, second] = [placeOf(a), placeOf(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function cursorOf(letter: AnyDeadLetter): string {
  return Buffer.from(placeOf(letter)).toString('base64url');
}

function placeInCursor(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString();
}

function groupsOf(letters: readonly AnyDeadLetter[]) {
  const groups = new Map<
    string,
    {
      queue: AnyDeadLetter['queue'];
      reason: string | null;
      path: string | null;
      count: number;
      oldest_at: string | null;
    }
  >();
  for (const { queue, reason, path, deadAt, receivedAt } of letters) {
    const key = JSON.stringify([queue, reason, path]);
    const oldest_at = deadAt ?? receivedAt;
    const group = groups.get(key) ?? { queue, reason, path, count: 0, oldest_at };
    group.count++;
    groups.set(key, group);
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count);
}

/** Values that JSON has; a table may be nested deeper than can be written. */
function plainHeaders(headers: unknown): Record<string, unknown> | null {
  try {
    return JSON.parse(JSON.stringify(headers ?? {})) as Record<string, unknown>;
  } catch {
    return null;
  }
}
