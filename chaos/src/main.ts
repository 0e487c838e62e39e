import { join } from 'node:path';
import { setOption } from '@backup-awareness/database';
import {
  chooseVersions,
  createProgress,
  disposeRunDirectory,
  openTemporaryRunDirectory,
  type MainOptions,
} from '@backup-awareness/local-servers';
import { CHECKOUT } from '@backup-awareness/testing';
import { breakCopy } from './broken/break-copy.js';
import { BROKEN_BUILDS } from './broken/broken-builds.js';
import { drawsFor } from './draws.js';
import {
  NotAvailable,
  type Installation,
  type InstallationKind,
} from './installation/installation.js';
import { startInstallation } from './installation/start-installation.js';
import type { LoadPlan } from './load/load-plan.js';
import { HELP, parseOptions, type ChaosOptions } from './options.js';
import { describe, runTrouble } from './run-trouble.js';
import { resultLine, resultTable, type Result } from './table.js';
import type { Trouble } from './troubles/trouble.js';
import { TROUBLES } from './troubles/troubles.js';
import { judgeOutcome } from './verdict.js';

const EXIT_CODES: Record<string, number> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
/** Every second. */
const CHECK_PERIOD_HOURS = '0.0003';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** `npm run chaos`. Resolves with the exit code. */
export async function main({ arguments: args, signal }: MainOptions): Promise<number> {
  process.umask(0o077);
  const open: (() => Promise<void> | void)[] = [];
  const aborted = new Promise<number>((resolve) => {
    const onAbort = (): void => resolve(EXIT_CODES[String(signal.reason)] ?? 1);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    const options = parseOptions(args);
    if (options.wantsHelp) {
      say(HELP);
      return 0;
    }
    return await Promise.race([run(options, open), aborted]);
  } catch (error) {
    process.stderr.write(`backup-awareness: ${describe(error)}\n`);
    return 1;
  } finally {
    for (const close of open.reverse()) await close();
  }
}

async function run(options: ChaosOptions, open: (() => Promise<void> | void)[]): Promise<number> {
  const { seed, isShort, broken, names } = options;
  say(
    `seed ${seed}${isShort ? ', shortened' : ''}${broken ? `, broken on purpose: ${broken}` : ''}`,
  );
  const runDirectory = await openTemporaryRunDirectory();
  open.push(() => disposeRunDirectory(runDirectory));
  await chooseVersions(join(CHECKOUT, 'node_modules', '.cache'), runDirectory, createProgress());
  let checkout = CHECKOUT;
  if (broken !== undefined) {
    const copy = breakCopy(CHECKOUT, BROKEN_BUILDS[broken]!);
    open.push(copy.remove);
    checkout = copy.path;
  }
  const wanted = TROUBLES.filter(
    ({ name, times }) =>
      (names.length === 0 || names.includes(name)) && (!isShort || times.short > 0),
  );
  const results: Result[] = [];
  for (const kind of new Set(wanted.map(({ installation }) => installation))) {
    const troubles = wanted.filter(({ installation }) => installation === kind);
    results.push(...(await runTogether(kind, troubles, checkout, options, open)));
  }
  say(`\n${resultTable(results)}`);
  say(`seed ${seed}`);
  return results.every((result) => 'notAvailable' in result || result.verdict.isReached) ? 0 : 1;
}

/** Makes these troubles in random order, in one installation. */
async function runTogether(
  kind: InstallationKind,
  troubles: readonly Trouble[],
  checkout: string,
  { seed, isShort }: ChaosOptions,
  open: (() => Promise<void> | void)[],
): Promise<Result[]> {
  say(`\nStarting the product (${kind}) …`);
  let installation: Installation;
  try {
    installation = await startInstallation(kind, checkout);
  } catch (error) {
    if (!(error instanceof NotAvailable)) throw error;
    return troubles.map((trouble) => report({ trouble, notAvailable: error.message }));
  }
  open.push(installation.stop);
  await setOption(installation.owner, {
    name: 'BackupCheckPeriodInHours',
    value: CHECK_PERIOD_HOURS,
    who: 'chaos',
  });
  const results: Result[] = [];
  const plans: LoadPlan[] = [];
  for (const trouble of drawsFor(seed, kind).shuffled(troubles)) {
    say(`${trouble.what} …`);
    const outcome = await runTrouble(trouble, installation, plans, { seed, isShort });
    results.push(report({ trouble, outcome, verdict: judgeOutcome(outcome, isShort) }));
  }
  await installation.stop();
  return results;
}

function report<R extends Result>(result: R): R {
  say(resultLine(result));
  return result;
}
