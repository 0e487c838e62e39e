import type {
  DeadLetter,
  LettersToSettle,
  NotReplayed,
} from '@backup-awareness/messaging/dead-letters';
import { readUndeliveredEvents } from '@backup-awareness/overview/state';
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
/** Settles letters of the broker. @returns those that cannot be settled, and stay */
type Settle = (letters: DeadLetters, chosen: LettersToSettle) => Promise<readonly DeadLetter[]>;

export function addSettleDeadLettersCommands(group: Command, context: CommandContext): void {
  withLetterFilters(
    group
      .command('replay')
      .description(
        'publish them unchanged to where they came from, or send them again, and remove them from the list',
      )
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
  let notReplayed: readonly NotReplayed[] = [];
  const decision = { who, to: 'replayed', comment } as const;
  const { count, undelivered, notFound } = await decide(context, decision, choice, (settle) =>
    onReplay(environment, (publish) =>
      settle(async ({ messaging, ...source }, chosen) => {
        notReplayed = await messaging.replayLetters(source, chosen, publish);
        return notReplayed.map(({ letter }) => letter);
      }),
    ),
  );
  if (options.json)
    out.json({
      replayed: count,
      not_replayed: notReplayed.map(({ letter: { id, queue }, why }) => ({ id, queue, why })),
      not_found: notFound,
    });
  else {
    out.line(`Replayed ${countOfLetters(count)}.`);
    if (count > undelivered)
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
  const { count, notFound } = await decide(context, decision, choice, (settle) =>
    settle(async ({ messaging, ...source }, chosen) => {
      await messaging.discardLetters(source, chosen);
      return [];
    }),
  );
  if (options.json) out.json({ discarded: count, not_found: notFound });
  else out.line(`Discarded ${countOfLetters(count)}.`);
  if (notFound.length > 0) throw noSuchLetter(notFound);
}

interface Settled {
  readonly count: number;
  /** How many of them are events that a destination did not accept. */
  readonly undelivered: number;
  /** The given ids that no letter has. */
  readonly notFound: readonly string[];
}

/**
 * Settles the chosen letters: events that were not delivered in the database, the others at the broker.
 *
 * @param atBroker calls its argument with a function that settles letters; not called if no letter of the broker is wanted
 * @throws what the handler, the database or the broker throws; the message then says how many letters are settled
 */
async function decide(
  { environment, withProgress }: CommandContext,
  decision: Decision,
  choice: Choice,
  atBroker: (settle: (how: Settle) => Promise<void>) => Promise<void>,
): Promise<Settled> {
  const databaseUrl = requireDatabase(findInstallation(environment));
  const what = decision.to === 'replayed' ? 'Replaying dead letters' : 'Discarding dead letters';
  return administer(databaseUrl, async ({ database, dataSource }) => {
    const checked = database.parseDecision(decision);
    const found = new Set<string>();
    let count = 0;
    const notFound = () => [...(choice.ids ?? [])].filter((id) => !found.has(id));
    const undelivered = await chosenUndelivered(dataSource, choice);
    if (undelivered.length > 0) {
      const settled = await database.settleUndelivered(dataSource, checked, undelivered);
      settled.forEach(({ id }) => found.add(id));
      count += settled.length;
    }
    const isDone =
      choice.ids === undefined ? choice.brokerQueues.length === 0 : notFound().length === 0;
    const settledHere = count;
    if (isDone) return { count, undelivered: settledHere, notFound: [] };
    const settle = (show: ShowProgress) => (how: Settle) =>
      onDeadLetters(environment, async (letters) => {
        const note = (some: readonly DeadLetter[]) => some.forEach(({ id }) => found.add(id));
        const staying = await how(
          { ...letters, queues: choice.brokerQueues },
          {
            isChosen: choice.isChosen,
            record: (some) => database.recordDeadLetters(dataSource, checked, some),
            onSettled: (some) => {
              note(some);
              count += some.length;
              show(count, choice.ids?.size);
            },
          },
        );
        note(staying);
      });
    await withProgress(what, (show) => atBroker(settle(show))).catch((error: unknown) => {
      throw withCount(error, decision.to, count);
    });
    return { count, undelivered: settledHere, notFound: notFound() };
  });
}

async function chosenUndelivered(
  sql: Parameters<typeof readUndeliveredEvents>[0],
  choice: Choice,
): Promise<string[]> {
  if (choice.deliveryQueues.length === 0) return [];
  return (await readUndeliveredEvents(sql))
    .filter((event) => choice.deliveryQueues.includes(event.queue) && choice.isChosen(event))
    .map(({ id }) => id);
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
