import { drawsFor, type Draws } from '../draws.js';
import { domainOf, type LoadPlan } from './load-plan.js';

/**
 * How an engine of a load behaves. `restless`: its backups succeed and fail in turn, so that alerts come and go; `steady`: it
 * always has a fresh full backup; `half`: `files` never succeeds, so that its alert stays.
 */
export type EngineTemper = 'restless' | 'steady' | 'half';

export interface LoadEngine {
  readonly fqdn: string;
  readonly temper: EngineTemper;
}

const TEMPERS: readonly EngineTemper[] = [
  ...Array<EngineTemper>(16).fill('restless'),
  ...Array<EngineTemper>(18).fill('steady'),
  ...Array<EngineTemper>(6).fill('half'),
];

/** How long a restless engine stays awake or asleep. */
const SPELL_MS = 4_000;

/** The phase is drawn for each engine, or all would have their alerts at once. */
function isAwake(plan: LoadPlan, fqdn: string, atMs: number): boolean {
  const phaseMs = drawsFor(plan.seed, fqdn).integer(0, 2 * SPELL_MS);
  return Math.floor((atMs + phaseMs) / SPELL_MS) % 2 === 0;
}

export function enginesOf(plan: LoadPlan): readonly LoadEngine[] {
  return TEMPERS.map((temper, i) => ({ fqdn: `engine-${i}.${domainOf(plan)}`, temper }));
}

/** Whether a backup of this engine may succeed at this time. */
export function maySucceed(
  plan: LoadPlan,
  { fqdn, temper }: LoadEngine,
  scope: string,
  atMs: number,
): boolean {
  if (temper === 'steady') return true;
  if (temper === 'half') return scope !== 'files';
  return isAwake(plan, fqdn, atMs);
}

export function drawEngine(plan: LoadPlan, draws: Draws): LoadEngine {
  return draws.oneOf(enginesOf(plan));
}
