import { CLOUD_EVENT_CONTENT_TYPE } from '@backup-awareness/contracts/plain';
import type { AnyDeadLetter } from '@backup-awareness/overview/documents';
import { payloadLines } from '@backup-awareness/overview/payload-lines';
import type { Command } from 'commander';
import { onDeadLetters } from '../installation/dead-letters-session.js';
import { undeliveredEvents } from '../installation/undelivered-session.js';
import { EXIT, Unreachable } from '../output/failure.js';
import { showError } from '../output/show-error.js';
import type { Cell } from '../output/table.js';
import { letterReason } from '../words/letter-in-words.js';
import { localTime } from '../words/local-time.js';
import {
  brokerQueues,
  deliveryQueues,
  hasReason,
  letterId,
  noSuchLetter,
  withLetterFilters,
  type LetterFilters,
} from './arguments/choose-letters.js';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';
import { readLimit } from './arguments/limit.js';

interface ListOptions extends GlobalOptions, LetterFilters {
  readonly limit?: string;
}

/** @returns the group, for the commands that change something */
export function addDeadLettersCommand(program: Command, context: CommandContext): Command {
  const group = program
    .command('dead-letters')
    .description(
      'messages that were refused for good or could not be delivered, and those for which no queue is bound',
    );
  withLetterFilters(
    group
      .command('list')
      .description('list them, the oldest first; each stays where it is')
      .option('--limit <COUNT>', 'only the newest COUNT'),
  ).action((_options, command: Command) => list(command.optsWithGlobals(), context));
  group
    .command('show')
    .description('show one with its payload; the invalid part is marked with >')
    .argument('<ID>', 'the id in the list')
    .action((id: string, _options, command: Command) =>
      show(id, command.optsWithGlobals(), context),
    );
  return group;
}

/** While the database is away it lists what is at the broker, says what is unknown, and ends as for something unreachable. */
async function list(options: ListOptions, context: CommandContext): Promise<void> {
  const { environment, out } = context;
  const limit = readLimit(options.limit, undefined);
  const { letters: all, unknownBecause } = await read(options, environment);
  if (unknownBecause !== undefined) {
    context.exitCode = EXIT.unreachable;
    showError(
      `only what is at the broker is listed; events that no destination accepted are unknown: ${unknownBecause}`,
    );
  }
  const chosen = all.filter((letter) => hasReason(letter, options.reason));
  const letters = limit === undefined ? chosen : chosen.slice(-limit);
  if (options.json) {
    const { deadLettersListDocument } = await import('@backup-awareness/overview/documents');
    return out.json(deadLettersListDocument(letters));
  }
  if (letters.length === 0)
    return out.line(
      all.length > 0
        ? 'No matching dead letters.'
        : unknownBecause === undefined
          ? 'No dead letters.'
          : 'No dead letters at the broker.',
    );
  if (letters.length < chosen.length)
    out.line(`Only the newest ${letters.length} of ${chosen.length} are shown.`, 'dim');
  out.table(['ID', 'QUEUE', 'SINCE', 'USER', 'REASON'], letters.map(row));
}

async function read(
  filters: LetterFilters,
  environment: NodeJS.ProcessEnv,
): Promise<{
  readonly letters: AnyDeadLetter[];
  /** Why there may be events that no destination accepted. */
  readonly unknownBecause: string | undefined;
}> {
  const queues = brokerQueues(filters);
  const wanted = deliveryQueues(filters);
  const atBroker =
    queues.length === 0
      ? []
      : await onDeadLetters(environment, ({ messaging, ...source }) =>
          messaging.listDeadLetters({ ...source, queues }),
        );
  const undelivered =
    wanted.length === 0 ? [] : await unlessUnreachable(undeliveredEvents(environment));
  if (!(undelivered instanceof Unreachable))
    return {
      letters: [...atBroker, ...undelivered.filter(({ queue }) => wanted.includes(queue))],
      unknownBecause: undefined,
    };
  if (queues.length === 0) throw undelivered;
  return { letters: atBroker, unknownBecause: undelivered.message };
}

function unlessUnreachable<T>(work: Promise<T>): Promise<T | Unreachable> {
  return work.catch((error: unknown) => {
    if (error instanceof Unreachable) return error;
    throw error;
  });
}

function row(letter: AnyDeadLetter): Cell[] {
  const since = letter.deadAt ?? letter.receivedAt;
  return [
    letter.id,
    letter.queue,
    since === null ? 'unknown' : shownInstant(since),
    letter.userId ?? '-',
    letterReason(letter),
  ];
}

async function show(
  id: string,
  { json }: GlobalOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const undelivered = await unlessUnreachable(findUndelivered(environment, letterId(id)));
  const isUnknown = undelivered instanceof Unreachable;
  const found =
    (isUnknown ? undefined : undelivered) ??
    (await onDeadLetters(environment, ({ messaging, ...source }) =>
      messaging.findDeadLetter(source, letterId(id)),
    ));
  if (!found) throw isUnknown ? undelivered : noSuchLetter([id]);
  const { letter, message } = found;
  if (json) {
    const { deadLetterDocument } = await import('@backup-awareness/overview/documents');
    return out.json(deadLetterDocument(letter, message.properties, message.content));
  }
  out.rows(particulars(found));
  out.line();
  for (const { text, isMarked } of payloadLines(message.content, letter.path))
    out.line(`${isMarked ? '> ' : '  '}${text}`, isMarked ? 'red' : undefined);
}

interface ShownLetter {
  readonly letter: AnyDeadLetter;
  readonly message: {
    readonly properties: { readonly type?: unknown; readonly contentType?: unknown };
    readonly content: Buffer;
  };
}

async function findUndelivered(
  environment: NodeJS.ProcessEnv,
  id: string,
): Promise<ShownLetter | undefined> {
  const letter = (await undeliveredEvents(environment)).find((one) => one.id === id);
  const properties = { contentType: CLOUD_EVENT_CONTENT_TYPE };
  return letter && { letter, message: { properties, content: letter.body } };
}

function particulars({ letter, message }: ShownLetter): Cell[][] {
  const { properties } = message;
  const rows: [string, string | null][] = [
    ['id', letter.id],
    ['queue', letter.queue],
    ['reason', letterReason(letter)],
    ['expected', letter.expected],
    ['got', letter.got],
    ['first received', letter.receivedAt && shownInstant(letter.receivedAt)],
    ['dead since', letter.deadAt && shownInstant(letter.deadAt)],
    ['exchange', letter.exchange],
    ['routing key', letter.routingKey],
    ['message id', letter.messageId],
    ['type', textOf(properties.type)],
    ['content type', textOf(properties.contentType)],
    ['broker user', letter.userId ?? 'unknown'],
    ['size', `${letter.bytes} bytes`],
  ];
  const atFault = FAULTS[letter.path ?? ''];
  return rows.flatMap(([name, value]): Cell[][] => {
    if (name === atFault)
      return [
        [
          { text: `> ${name}`, style: 'red' },
          { text: value ?? 'none', style: 'red' },
        ],
      ];
    return value === null ? [] : [[{ text: name, style: 'bold' }, value]];
  });
}

/** Where a fault that is not in the payload is shown, by its path. */
const FAULTS: Readonly<Record<string, string>> = {
  routing_key: 'routing key',
  exchange: 'exchange',
  'properties.type': 'type',
  'properties.message_id': 'message id',
  'properties.content_type': 'content type',
  user_id: 'broker user',
};

function textOf(property: unknown): string | null {
  return typeof property === 'string' ? property : null;
}

/** A letter may contain anything instead of an instant. */
function shownInstant(instant: string): string {
  return Number.isNaN(Date.parse(instant)) ? instant : localTime(instant);
}
