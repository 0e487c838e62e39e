import type {
  DeadLetter,
  NotReplayable,
  TakenLetter,
} from '@backup-awareness/messaging/dead-letters';
import type { Command } from 'commander';
import { administer, type Administration } from '../installation/database-session.js';
import { onDeadLetters, onReplay, type DeadLetters } from '../installation/dead-letters-session.js';
import { findInstallation, requireDatabase } from '../installation/find-installation.js';
import { whoIs } from '../installation/who.js';
import type { ShowProgress } from '../output/progress.js';
import { countOfLetters, NOT_REPLAYABLE } from '../words/letter-in-words.js';
import {
  chooseLetters,
  noSuchLetter,
  withLetterFilters,
  type Choice,
  type LetterFilters,
} from './arguments/choose-letters.js';
import { BY_OPTION, type ChangeOptions, type CommandContext } from './arguments/command-context.js';

interface SettleOptions extends ChangeOptions, LetterFilters {
  readonly all?: true;
  readonly comment?: string;
}

type Decision = Parameters<Administration['database']['recordDeadLetters']>[1];
type Handle = (chunk: readonly TakenLetter[]) => Promise<readonly TakenLetter[]>;

interface NotReplayed {
  readonly letter: DeadLetter;
  readonly why: NotReplayable;
}

export function addSettleDeadLettersCommands(group: Command, context: CommandContext): void {
  withLetterFilters(
    group
      .command('replay')
      .description('publish them unchanged to where they came from, and remove them from the queue')
      .argument('[ID...]', 'the ids in the list')
      .option('--all', 'all, or all that --queue and --reason choose')
      .option('--comment <TEXT>', 'why; kept in the audit log')
      .option(...BY_OPTION),
  )
    .addHelpText(
      'after',
      '\nFirst remove the cause: a message that is still invalid becomes the same dead letter again.\n' +
        'If the command is interrupted, run it again: what was published twice is stored once.\n\n' +
        "Example:\n  backup-awareness dead-letters replay --all --reason 'not authorised'",
    )
    .action((ids: string[], _options, command: Command) =>
      replay(ids, command.optsWithGlobals(), context),
    );
  withLetterFilters(
    group
      .command('discard')
      .description('delete them')
      .argument('[ID...]', 'the ids in the list')
      .option('--all', 'all, or all that --queue and --reason choose')
      .requiredOption('--comment <TEXT>', 'why; kept in the audit log')
      .option(...BY_OPTION),
  ).action((ids: string[], _options, command: Command) =>
    discard(ids, command.optsWithGlobals(), context),
  );
}

/** Publishes letters again. A letter is removed from its queue after the broker has confirmed it and it is recorded. */
async function replay(
  ids: readonly string[],
  options: SettleOptions,
  context: CommandContext,
): Promise<void> {
  const choice = chooseLetters(ids, options);
  const { environment, out } = context;
  const { comment = null } = options;
  const who = whoIs(environment, options.by);
  const notReplayed: NotReplayed[] = [];
  const settled = await onReplay(environment, (publish) =>
    decide(context, { who, to: 'replayed', comment }, choice, (letters, record) => {
      return async (chunk) => {
        const going: TakenLetter[] = [];
        const messages = chunk.flatMap((taken) => {
          const replayed = letters.messaging.replayOf(taken.letter, taken.message);
          if (!replayed.isPossible) {
            notReplayed.push({ letter: taken.letter, why: replayed.why });
            return [];
          }
          going.push(taken);
          return [replayed.message];
        });
        if (going.length === 0) return [];
        await publish(messages);
        await record(going);
        return going;
      };
    }),
  );
  const { count, notFound } = settled;
  if (options.json)
    out.json({
      replayed: count,
      not_replayed: notReplayed.map(({ letter: { id, queue }, why }) => ({ id, queue, why })),
      not_found: notFound,
    });
  else {
    out.line(`Replayed ${countOfLetters(count)}.`);
    if (count > 0)
      out.line(
        'Each is judged again within seconds: one that is still invalid becomes the same dead letter again, which backup-awareness dead-letters list then shows.',
      );
  }
  if (notFound.length > 0) throw noSuchLetter(notFound);
  if (notReplayed.length > 0) throw new Error(notReplayedInWords(notReplayed));
}

/** Deletes letters. A letter is removed from its queue after that is recorded. */
async function discard(
  ids: readonly string[],
  options: SettleOptions & { readonly comment: string },
  context: CommandContext,
): Promise<void> {
  const choice = chooseLetters(ids, options);
  const { environment, out } = context;
  const { comment } = options;
  const who = whoIs(environment, options.by);
  const decision = { who, to: 'discarded', comment } as const;
  const { count, notFound } = await decide(context, decision, choice, (_letters, record) => {
    return async (chunk) => {
      await record(chunk);
      return chunk;
    };
  });
  if (options.json) out.json({ discarded: count, not_found: notFound });
  else out.line(`Discarded ${countOfLetters(count)}.`);
  if (notFound.length > 0) throw noSuchLetter(notFound);
}

interface Settled {
  readonly count: number;
  /** The given ids that no letter has. */
  readonly notFound: readonly string[];
}

/**
 * Settles the chosen letters with `handlerOf`'s handler, which must record those that it returns.
 *
 * @throws what the handler or the broker throws; the message then says how many letters are settled
 */
async function decide(
  { environment, withProgress }: CommandContext,
  decision: Decision,
  choice: Choice,
  handlerOf: (
    letters: DeadLetters,
    record: (letters: readonly TakenLetter[]) => Promise<void>,
  ) => Handle,
): Promise<Settled> {
  const databaseUrl = requireDatabase(findInstallation(environment));
  const what = decision.to === 'replayed' ? 'Replaying dead letters' : 'Discarding dead letters';
  return administer(databaseUrl, async ({ database, dataSource }) => {
    const checked = database.parseDecision(decision);
    const found = new Set<string>();
    let count = 0;
    const settle = (show: ShowProgress) =>
      onDeadLetters(environment, async (letters) => {
        const record = (taken: readonly TakenLetter[]) =>
          database.recordDeadLetters(
            dataSource,
            checked,
            taken.map(({ letter }) => letter),
          );
        const handle = handlerOf(letters, record);
        const { messaging, ...source } = letters;
        await messaging.settleDeadLetters(
          { ...source, ...(choice.queues && { queues: choice.queues }) },
          choice.isChosen,
          async (chunk) => {
            chunk.forEach(({ letter }) => found.add(letter.id));
            const settled = await handle(chunk);
            count += settled.length;
            show(count, choice.ids?.size);
            return settled;
          },
        );
      });
    await withProgress(what, settle).catch((error: unknown) => {
      throw withCount(error, decision.to, count);
    });
    return { count, notFound: [...(choice.ids ?? [])].filter((id) => !found.has(id)) };
  });
}

function withCount(error: unknown, done: string, count: number): unknown {
  if (error instanceof Error && count > 0)
    error.message = `${countOfLetters(count)} ${done}, the others are still in their queues: ${error.message}`;
  return error;
}

const NAMED_MAX = 3;

function notReplayedInWords(all: readonly NotReplayed[]): string {
  const shown = all
    .slice(0, NAMED_MAX)
    .map(({ letter, why }) => `${letter.id} (${NOT_REPLAYABLE[why]})`);
  const more = all.length > NAMED_MAX ? ` and ${all.length - NAMED_MAX} more` : '';
  return `${countOfLetters(all.length)} cannot be replayed: ${shown.join(', ')}${more}`;
}
