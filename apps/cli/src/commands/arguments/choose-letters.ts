import type { DeliveryQueue } from '@backup-awareness/database/lists';
import type { LetterQueue } from '@backup-awareness/messaging/dead-letters';
import type { AnyDeadLetter } from '@backup-awareness/overview/documents';
import { Option, type Command } from 'commander';
import { WrongUse } from '../../output/failure.js';
import { letterReason } from '../../words/letter-in-words.js';

export interface LetterFilters {
  readonly queue?: LetterQueue | DeliveryQueue;
  readonly reason?: string;
}

const AT_BROKER: readonly LetterQueue[] = ['ingest', 'audit', 'unrouted'];
const UNDELIVERED: readonly DeliveryQueue[] = ['webhook', 'ovirt'];

/** Which of the broker's queues are asked for: none, if it is a destination's. */
export function brokerQueues({ queue }: LetterFilters): readonly LetterQueue[] {
  return queue === undefined ? AT_BROKER : AT_BROKER.filter((one) => one === queue);
}

/** Which destinations' events are asked for. */
export function deliveryQueues({ queue }: LetterFilters): readonly DeliveryQueue[] {
  return queue === undefined ? UNDELIVERED : UNDELIVERED.filter((one) => one === queue);
}

export function withLetterFilters(command: Command): Command {
  return command
    .addOption(
      new Option('--queue <QUEUE>', 'only those of this queue').choices([
        ...AT_BROKER,
        ...UNDELIVERED,
      ]),
    )
    .option('--reason <TEXT>', 'only those whose reason contains this text', readReason);
}

/** @throws WrongUse for an empty text, which every reason contains: a variable of the shell that is not set must choose nothing */
function readReason(text: string): string {
  if (text.trim() === '') throw new WrongUse('--reason: expected a text, got none');
  return text;
}

/** Whether the reason, as it is shown, contains the text. */
export function hasReason(letter: AnyDeadLetter, text: string | undefined): boolean {
  return text === undefined || letterReason(letter).toLowerCase().includes(text.toLowerCase());
}

/** Which letters are chosen: by their ids, or all that match the filters. */
export interface Choice {
  readonly brokerQueues: readonly LetterQueue[];
  readonly deliveryQueues: readonly DeliveryQueue[];
  /** Undefined: chosen by the filters. */
  readonly ids: ReadonlySet<string> | undefined;
  readonly isChosen: (letter: AnyDeadLetter) => boolean;
}

/** To be called before anything connects. @throws WrongUse unless there are either ids or `--all` */
export function chooseLetters(
  ids: readonly string[],
  { all, queue, reason }: LetterFilters & { readonly all?: true },
): Choice {
  if (all === (ids.length > 0 || undefined))
    throw new WrongUse('expected either ids, or --all with or without --queue and --reason');
  if (all)
    return {
      ...queuesOf(queue === undefined ? {} : { queue }),
      ids: undefined,
      isChosen: (letter) => hasReason(letter, reason),
    };
  if (queue !== undefined || reason !== undefined)
    throw new WrongUse('--queue and --reason choose among --all, not among ids');
  const wanted = new Set(ids.map(letterId));
  return { ...queuesOf({}), ids: wanted, isChosen: ({ id }) => wanted.has(id) };
}

function queuesOf(filters: LetterFilters): Pick<Choice, 'brokerQueues' | 'deliveryQueues'> {
  return { brokerQueues: brokerQueues(filters), deliveryQueues: deliveryQueues(filters) };
}

/** An id as letters have it. */
export function letterId(text: string): string {
  return text.trim().toLowerCase();
}

/** The error for ids that no letter has. */
export function noSuchLetter(ids: readonly string[]): WrongUse {
  const named = ids.map((id) => JSON.stringify(id)).join(', ');
  return new WrongUse(
    `no dead letter has the id ${named} (backup-awareness dead-letters list shows all)`,
  );
}
