import type { components } from '../../api/schema.js';
import type { Verdict } from '../../parts/verdict-label.js';

type Explanation = components['schemas']['Explanation'];
type PastExplanation = components['schemas']['PastExplanation'];

/** An alert of the engine; how it stands with people is known only of the present. */
export type EngineAlert = Pick<
  components['schemas']['ActiveAlert'],
  'alert_id' | 'alert' | 'since' | 'raised_at'
> &
  Partial<components['schemas']['ActiveAlert']>;

/** What decides an engine at an instant, now or in the past; instants are RFC 3339. */
export interface EngineFacts {
  readonly fqdn: string;
  readonly at: string;
  readonly isPast: boolean;
  /** False: that past is not known. */
  readonly isKnown: boolean;
  /** Since when the past is known; null: from the beginning, or not told. */
  readonly canTellSince: string | null;
  readonly verdict: Verdict;
  /** The kind of the decision's reason, as `still_too_old`. */
  readonly reason: string | null;
  readonly watchedSince: string | null;
  readonly retiredAt: string | null;
  readonly lastDbAt: string | null;
  readonly lastFilesAt: string | null;
  readonly lastFullAt: string | null;
  /** At `at`. */
  readonly ageMs: number | null;
  readonly periodDays: number | null;
  /** Whether the period is the engine's own; null: not told. */
  readonly isOwnPeriod: boolean | null;
  /** The only broker user whose reports count; null: any counts, or not told. */
  readonly brokerUser: string | null;
  readonly alerts: readonly EngineAlert[];
  readonly latestReports: Explanation['latest_reports'];
  /** What comes next if nothing more arrives; null: of the past, not told. */
  readonly next: Explanation['next'] | null;
  /** The rows behind the facts; null: of the past, not told. */
  readonly evidence: Explanation['evidence'] | null;
}

/** One picture of both answers of `GET /engines/{fqdn}/explanation`. */
export function factsOf(answer: Explanation | PastExplanation): EngineFacts {
  const common = {
    fqdn: answer.fqdn,
    reason: answer.reason,
    watchedSince: answer.watched_since,
    lastDbAt: answer.last_db_success_at,
    lastFilesAt: answer.last_files_success_at,
    lastFullAt: answer.last_full_backup_at,
    ageMs: answer.age_seconds === null ? null : answer.age_seconds * 1_000,
    periodDays: answer.alert_period_days,
  };
  if ('now' in answer)
    return {
      ...common,
      at: answer.now,
      isPast: false,
      isKnown: true,
      canTellSince: null,
      verdict: answer.watched ? (answer.verdict ?? 'unknown') : 'retired',
      retiredAt: answer.retired_at,
      isOwnPeriod: answer.alert_period_is_own,
      brokerUser: answer.broker_user,
      alerts: answer.active_alerts,
      latestReports: answer.latest_reports,
      next: answer.next,
      evidence: answer.evidence,
    };
  return {
    ...common,
    at: answer.at,
    isPast: true,
    isKnown: answer.watched !== null,
    canTellSince: answer.can_tell_since,
    verdict: answer.watched === false ? 'retired' : (answer.verdict ?? 'unknown'),
    retiredAt: null,
    isOwnPeriod: null,
    brokerUser: null,
    alerts: answer.active_alerts ?? [],
    latestReports: [],
    next: null,
    evidence: null,
  };
}

/** The scopes of a full backup without a success. */
export function missingScopes(
  facts: Pick<EngineFacts, 'lastDbAt' | 'lastFilesAt'>,
): ('db' | 'files')[] {
  return [
    ...(facts.lastDbAt === null ? (['db'] as const) : []),
    ...(facts.lastFilesAt === null ? (['files'] as const) : []),
  ];
}

const DAY_MS = 86_400_000;

/** The age as a share of what is allowed: 1 is the limit; null where there is none. */
export function ageShare({ ageMs, periodDays }: Pick<EngineFacts, 'ageMs' | 'periodDays'>) {
  return ageMs === null || periodDays === null ? null : ageMs / (periodDays * DAY_MS);
}
