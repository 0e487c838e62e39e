import type { DeadLetter, LetterQueue } from '@backup-awareness/messaging/dead-letters';
import { Option, type Command } from 'commander';
import { WrongUse } from '../../output/failure.js';
import { letterReason } from '../../words/letter-in-words.js';

export interface LetterFilters {
  readonly queue?: LetterQueue;
  readonly reason?: string;
}

const QUEUES: readonly LetterQueue[] = ['ingest', 'audit', 'unrouted'];

export function withLetterFilters(command: Command): Command {
  return command
    .addOption(new Option('--queue <QUEUE>', 'only those of this queue').choices(QUEUES))
    .option('--reason <TEXT>', 'only those whose reason contains this text', readReason);
}

/** @throws WrongUse for an empty text, which every reason contains: a variable of the shell that is not set must choose nothing */
function readReason(text: string): string {
  if (text.trim() === '') throw new WrongUse('--reason: expected a text, got none');
  return text;
}

/** Whether the reason, as it is shown, contains the text. */
export function hasReason(letter: DeadLetter, text: string | undefined): boolean {
  return text === undefined || letterReason(letter).toLowerCase().includes(text.toLowerCase());
}

/** Which letters are chosen: by their ids, or all that match the filters. */
export interface Choice {
  readonly queues: readonly LetterQueue[] | undefined;
  /** Undefined: chosen by the filters. */
  readonly ids: ReadonlySet<string> | undefined;
  readonly isChosen: (letter: DeadLetter) => boolean;
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
      queues: queue && [queue],
      ids: undefined,
      isChosen: (letter) => hasReason(letter, reason),
    };
  if (queue !== undefined || reason !== undefined)
    throw new WrongUse('--queue and --reason choose among --all, not among ids');
  const wanted = new Set(ids.map(letterId));
  return { queues: undefined, ids: wanted, isChosen: ({ id }) => wanted.has(id) };
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
