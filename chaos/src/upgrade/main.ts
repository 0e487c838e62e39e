import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataSourceFor } from '@backup-awareness/database';
import {
  disposeRunDirectory,
  openRunDirectory,
  openTemporaryRunDirectory,
  startPostgresql,
  startRabbitmq,
  type MainOptions,
} from '@backup-awareness/local-servers';
import { CHECKOUT, npmStart, userEnvironment, type NpmStart } from '@backup-awareness/testing';
import type { Installation } from '../installation/installation.js';
import { judgeReports } from '../judge/judge-reports.js';
import { reportsWorkedOff, wrongAlerts } from '../judge/work-off.js';
import { startLoad } from '../load/start-load.js';
import { buildFormer } from './former-checkout.js';

const CHECK_PERIOD_HOURS = '0.0003';
const SIDE_BY_SIDE_MS = 10_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** `npm run test:upgrade`. Resolves with the exit code. */
export async function main({ signal }: MainOptions): Promise<number> {
  process.umask(0o077);
  const undo: (() => Promise<unknown> | void)[] = [];
  const aborted = new Promise<number>((resolve) =>
    signal.addEventListener('abort', () => resolve(1), { once: true }),
  );
  try {
    return await Promise.race([run(undo), aborted]);
  } catch (error) {
    process.stderr.write(
      `backup-awareness: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  } finally {
    for (const step of undo.reverse()) await Promise.resolve(step()).catch(() => undefined);
  }
}

/** Upgrades and rolls back under load, both versions running on one database and broker in between; then judges what was stored. */
async function run(undo: (() => Promise<unknown> | void)[]): Promise<number> {
  const perSecond = Number(process.env['UPGRADE_PER_SECOND'] ?? '200');
  const former = buildFormer(CHECKOUT, process.env['UPGRADE_FROM']);
  undo.push(former.remove);
  say(`from ${former.revision} to this checkout and back, ${perSecond} reports per second`);

  const runDirectory = await openTemporaryRunDirectory();
  undo.push(() => disposeRunDirectory(runDirectory));
  const { databaseUrl } = await startPostgresql(runDirectory);
  const { amqpUrl, managementUrl } = await startRabbitmq(runDirectory);
  const environment = {
    AMQP_URL: amqpUrl,
    AMQP_MANAGEMENT_URL: managementUrl,
    DATABASE_URL: databaseUrl,
  };
  const folderOf = (version: string) => join(runDirectory.path, version);
  for (const version of ['former', 'present'])
    (await openRunDirectory(folderOf(version), { temporary: true })).close();
  const start = async (version: 'former' | 'present'): Promise<NpmStart> => {
    const checkout = version === 'former' ? former.path : CHECKOUT;
    const product = await npmStart(folderOf(version), environment, checkout);
    undo.push(() => product.end('SIGTERM'));
    return product;
  };

  const first = await start('former');
  // The same passwords: both set those of the database's roles and the broker's users.
  copyFileSync(join(folderOf('former'), 'secrets.json'), join(folderOf('present'), 'secrets.json'));
  const owner = dataSourceFor(databaseUrl, {
    session: 'administration',
    poolSize: 4,
    applicationName: 'upgrade',
  });
  await owner.initialize();
  undo.push(() => owner.destroy());
  // By its own command line: the schema is still the former one.
  former.commandLine(
    { ...userEnvironment(), ...environment },
    ...['config', '-s', `BackupCheckPeriodInHours=${CHECK_PERIOD_HOURS}`],
  );

  const plan = {
    name: 'upgrade',
    seed: Date.now() % 1_000_000,
    kind: 'reports',
    perSecond,
  } as const;
  const load = startLoad(plan, amqpUrl, runDirectory.path);
  undo.push(() => load.kill());
  const step = async (text: string, work: () => Promise<unknown>): Promise<void> => {
    await work();
    say(text);
    await sleep(SIDE_BY_SIDE_MS);
  };
  let present: NpmStart;
  let again: NpmStart;
  await step('former', async () => undefined);
  await step('former and present', async () => (present = await start('present')));
  await step('present', () => first.end('SIGTERM'));
  await step('present and former', async () => (again = await start('former')));
  await step('former', () => present.end('SIGTERM'));
  await step('former and present', async () => (present = await start('present')));
  await step('present', () => again.end('SIGTERM'));
  await load.finish();

  const installation: Installation = {
    kind: 'one machine',
    checkout: CHECKOUT,
    amqpUrl,
    managementUrl,
    publishUrl: amqpUrl,
    owner,
    query: async <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
      (await owner.query(sql, [...parameters])) as Row[],
    folder: runDirectory.path,
    pidOf: () => process.pid,
    ready: async () => undefined,
    stop: async () => undefined,
  };
  await reportsWorkedOff(installation, load);
  const balances = await judgeReports(installation, load);
  const wrong = await wrongAlerts(installation, load);
  for (const {
    table,
    confirmed,
    stored,
    deduplicated,
    lost,
    doubled,
    strange,
    misjudged,
  } of balances)
    say(
      `${table}: ${confirmed} confirmed, ${stored} stored, ${deduplicated} deduplicated, ${lost.length} lost, ${doubled.length} doubled, ` +
        `${strange.length + misjudged.length} wrong`,
    );
  say(`alerts: ${wrong.length} wrong; ${Math.round(load.perSecond())} reports per second`);
  for (const one of [...balances.flatMap((it) => [...it.strange, ...it.misjudged]), ...wrong].slice(
    0,
    20,
  ))
    say(`  ${one}`);
  const isGood = balances.every(
    ({ lost, doubled, strange, misjudged }) =>
      lost.length + doubled.length + strange.length + misjudged.length === 0,
  );
  return isGood && wrong.length === 0 ? 0 : 1;
}
