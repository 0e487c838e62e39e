import { addEngine, setEngineAlertPeriod } from '@backup-awareness/database';
import { eventually } from '@backup-awareness/testing';
import { drawsFor } from './draws.js';
import type { Installation } from './installation/installation.js';
import { judgeReports, type Balance } from './judge/judge-reports.js';
import { countStrangeRows, KEEPERS } from './judge/stored-rows.js';
import { reportsWorkedOff, wrongAlerts } from './judge/work-off.js';
import { enginesOf } from './load/engines.js';
import type { LoadPlan } from './load/load-plan.js';
import { startLoad, type Load } from './load/start-load.js';
import { allReady } from './troubles/recovery.js';
import type { Made, Trouble } from './troubles/trouble.js';

const PER_SECOND = 300;
/** About two seconds: each spell without a success causes an alert. */
const RESTLESS_PERIOD_DAYS = '0.000024';

export interface TroubleOutcome {
  readonly trouble: Trouble;
  /** Absent where the trouble could not be completed. */
  readonly made?: Made;
  readonly perSecond: number;
  readonly balances: readonly Balance[];
  /** Number of rows that belong to no load. */
  readonly strangers: number;
  /** What is wrong with alerts. */
  readonly unpaired: readonly string[];
  /** Why it could not be made or judged. */
  readonly failure?: string;
}

/** Makes a trouble while reports flow, waits until all are processed, and compares what is stored with what was sent. */
export async function runTrouble(
  trouble: Trouble,
  installation: Installation,
  earlier: LoadPlan[],
  options: { readonly seed: number; readonly isShort: boolean },
): Promise<TroubleOutcome> {
  const times = options.isShort ? trouble.times.short : trouble.times.full;
  const plan = planFor(trouble, earlier.length, times, options.seed);
  earlier.push(plan);
  await allReady(installation);
  if (plan.kind !== 'fuzz') await addRestlessEngines(installation, plan);
  const load = startLoad(plan, installation.publishUrl, installation.folder);
  let made: Made | undefined;
  let failure: string | undefined;
  try {
    await eventually(() => flows(load), 60_000);
    const draws = drawsFor(options.seed, plan.name);
    made = await trouble.make({ installation, load, times, isShort: options.isShort, draws });
    await load.finish();
  } catch (error) {
    failure = describe(error);
    // If it was killed, reports would be stored whose confirms it has not recorded.
    await load.finish().catch(() => undefined);
  }
  let judged: Judged = { balances: [], strangers: 0, unpaired: [] };
  try {
    judged = await judge(installation, load, earlier);
  } catch (error) {
    failure ??= `cannot be judged: ${describe(error)}`;
  }
  return {
    trouble,
    ...(made ? { made } : {}),
    perSecond: load.perSecond(),
    ...judged,
    ...(failure === undefined ? {} : { failure }),
  };
}

function flows(load: Load): void {
  if (load.spool().confirmed.size === 0) throw new Error('no report has been confirmed yet');
}

function planFor(trouble: Trouble, number: number, times: number, seed: number): LoadPlan {
  const name = `${trouble.name}-${number}`;
  return trouble.load
    ? { name, seed, kind: trouble.load.kind, count: times }
    : { name, seed, kind: 'reports', perSecond: PER_SECOND };
}

type Judged = Pick<TroubleOutcome, 'balances' | 'strangers' | 'unpaired'>;

async function judge(
  installation: Installation,
  load: Load,
  plans: readonly LoadPlan[],
): Promise<Judged> {
  await reportsWorkedOff(installation, load);
  await calmRestlessEngines(installation, load.plan);
  const unpaired = await wrongAlerts(installation, load);
  let strangers = 0;
  for (const keeper of KEEPERS) strangers += await countStrangeRows(installation, keeper, plans);
  return {
    balances: await judgeReports(installation, load),
    strangers,
    unpaired,
  };
}

const restlessOf = (plan: LoadPlan) =>
  enginesOf(plan).filter(({ temper }) => temper === 'restless');

async function addRestlessEngines({ owner }: Installation, plan: LoadPlan): Promise<void> {
  for (const { fqdn } of restlessOf(plan))
    await addEngine(owner, { fqdn, who: 'chaos', alertPeriodDays: RESTLESS_PERIOD_DAYS });
}

/** Gives them the general alert period again, by which their last backups are fresh. */
async function calmRestlessEngines({ owner }: Installation, plan: LoadPlan): Promise<void> {
  for (const { fqdn } of restlessOf(plan))
    await setEngineAlertPeriod(owner, { fqdn, days: null, who: 'chaos' });
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
