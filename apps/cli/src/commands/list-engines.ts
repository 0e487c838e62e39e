import {
  standingOf,
  STANDINGS,
  worstFirst,
  type Standing,
} from '@backup-awareness/overview/judgement';
import {
  readProductState,
  type EngineSituation,
  type ProductState,
} from '@backup-awareness/overview/state';
import type { Command } from 'commander';
import { readDatabase } from '../installation/database-session.js';
import { databaseToRead, findInstallation } from '../installation/find-installation.js';
import { count } from '@backup-awareness/overview/words';
import { alertsInWords, freshnessInWords, maximumAgeInWords } from '../words/engine-in-words.js';
import { localTime } from '../words/local-time.js';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';
import { readLimit } from './arguments/limit.js';

/** A terminal gets no more unless asked: what is worst would scroll away. */
const TERMINAL_LIMIT = 100;

export function addListEnginesCommand(group: Command, context: CommandContext): void {
  group
    .command('list')
    .description('list all engines, the worst first, and retired ones last')
    .option(
      '--limit <COUNT>',
      `only the worst COUNT engines (default all, on a terminal ${TERMINAL_LIMIT})`,
    )
    .addHelpText(
      'after',
      '\nThe order: engines without a full backup, the longest first; those too old, by how much; unknown ones; those with a backup that\n' +
        'does not end; the others by how soon they turn too old; retired ones.',
    )
    .action((_options, command: Command) => list(command.optsWithGlobals(), context));
}

async function list(
  options: GlobalOptions & { readonly limit?: string },
  { environment, out }: CommandContext,
): Promise<void> {
  const limit = readLimit(
    options.limit,
    out.isTerminal && !options.json ? TERMINAL_LIMIT : Infinity,
  );
  const url = databaseToRead(findInstallation(environment));
  const product = await readDatabase(url, (sql) => readProductState(sql));
  const engines = worstFirst(product.engines);
  const shown = engines.slice(0, limit);
  if (options.json) {
    const { enginesListDocument } = await import('@backup-awareness/overview/documents');
    return out.json(enginesListDocument({ ...product, engines: shown }));
  }
  if (engines.length === 0)
    return out.line('No engine is known. Add one: backup-awareness engines add FQDN');
  out.table(
    [
      'ENGINE',
      'MONITORING SINCE',
      'MAXIMUM AGE',
      'BROKER USER',
      'LAST FULL BACKUP',
      'FRESHNESS',
      'ALERT',
    ],
    shown.map((engine) => [
      engine.fqdn,
      engine.retiredAt === null
        ? localTime(engine.watchedSinceAt)
        : { text: `retired ${localTime(engine.retiredAt)}`, style: 'dim' },
      maximumAgeInWords(engine),
      engine.brokerUser ?? 'any',
      engine.lastFullBackupAt === null ? 'none' : localTime(engine.lastFullBackupAt),
      engine.retiredAt === null ? freshness(engine, product) : '-',
      alertsInWords(engine, product.now) || 'none',
    ]),
  );
  out.line();
  out.line(summaryInWords(engines));
  if (shown.length < engines.length)
    out.line(
      `Only the worst ${shown.length} are shown; --limit shows more, and --json all.`,
      'dim',
    );
}

function freshness(engine: EngineSituation, { time, now }: ProductState): string {
  return time.isKnown ? freshnessInWords(engine.freshness, now) : 'unknown';
}

const STANDINGS_IN_WORDS: Readonly<Record<Standing, string>> = {
  no_full_backup: 'without a full backup',
  too_old: 'too old',
  unknown: 'unknown',
  stuck: 'with a backup that does not end',
  fresh: 'fresh',
  retired: 'retired',
};

/** `3 engines: 1 too old, 2 fresh`. */
function summaryInWords(engines: readonly EngineSituation[]): string {
  const standings = engines.map(standingOf);
  const counts = STANDINGS.flatMap((standing) => {
    const many = standings.filter((one) => one === standing).length;
    return many > 0 ? [`${many} ${STANDINGS_IN_WORDS[standing]}`] : [];
  });
  return `${count(engines.length, 'engine')}: ${counts.join(', ')}.`;
}
