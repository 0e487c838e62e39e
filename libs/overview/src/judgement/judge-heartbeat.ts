import type { HeartbeatState, Stage } from '../state/heartbeat-state.js';
import type { ServiceReadiness } from '../surroundings/services.js';
import { finding, type Finding } from './findings.js';
import { checkFindings, nothingKnownFindings } from './judge-product.js';

/** How old a proof may be. Each stage is proven once a minute or more often. */
export const PROOF_LASTS_MS = 120_000;

/** Why there is no heartbeat; nothing in both: every stage has proven itself. */
export interface HeartbeatJudgement {
  /** That checks are not made in time, that events are stuck in the outbox, and the services that are not ready. */
  readonly findings: readonly Finding[];
  readonly unproven: readonly UnprovenStage[];
}

export interface UnprovenStage {
  readonly stage: Stage;
  /** When it was last proven; null if never. */
  readonly provenAt: number | null;
}

/** The way of a heartbeat: a stage cannot be proven if one before it is not. */
const WAY: readonly Stage[] = ['decision', 'relay', 'audit'];

/**
 * Whether every stage has proven itself in the last two minutes. Of the stages that a heartbeat passes, only the first unproven one is named.
 *
 * @param unready the services that have not been ready for two minutes
 */
export function judgeHeartbeat(
  state: HeartbeatState,
  unready: readonly ServiceReadiness[],
): HeartbeatJudgement {
  return {
    findings: [
      ...nothingKnownFindings(state),
      ...checkFindings(state),
      ...pendingFindings(state),
      ...unready.flatMap(({ name, unready: why }) =>
        why ? [finding('service_not_ready', { name, unready: why }, {})] : [],
      ),
    ],
    unproven: unprovenStages(state),
  };
}

/** The stages that have not proven themselves in the last two minutes; of those that a heartbeat passes, only the first. */
export function unprovenStages({
  provenAt,
  now,
}: Pick<HeartbeatState, 'provenAt' | 'now'>): UnprovenStage[] {
  const isUnproven = (stage: Stage) => !isRecent(provenAt[stage], now);
  const first = WAY.find(isUnproven);
  const stages: Stage[] = [
    ...(first === undefined ? [] : [first]),
    ...(isUnproven('ingest') ? (['ingest'] as const) : []),
  ];
  return stages.map((stage) => ({ stage, provenAt: provenAt[stage] }));
}

/** The heartbeat's own event may get through while those of alerts do not: they have another exchange and other sources. */
function pendingFindings({ pending: { count, oldestAt }, now }: HeartbeatState): Finding[] {
  if (oldestAt === null || now - oldestAt <= PROOF_LASTS_MS) return [];
  return [finding('events_pending', { count }, { oldestPendingAt: oldestAt })];
}

/** An instant in the future proves nothing: a clock was set back. */
function isRecent(provenAt: number | null, now: number): boolean {
  return provenAt !== null && Math.abs(now - provenAt) <= PROOF_LASTS_MS;
}
