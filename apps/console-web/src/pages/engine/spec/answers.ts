import type { components } from '../../../api/schema.js';

type Explanation = components['schemas']['Explanation'];
type PastExplanation = components['schemas']['PastExplanation'];

const FACTS = {
  fqdn: 'engine.example.com',
  watched: true,
  watched_since: '2026-05-01T00:00:00.000Z',
  verdict: 'fresh',
  reason: 'fresh',
  last_db_success_at: '2026-11-22T21:00:00.000Z',
  last_files_success_at: '2026-11-22T20:00:00.000Z',
  last_full_backup_at: '2026-11-22T20:00:00.000Z',
  age_seconds: 25_200,
  alert_period_days: 1,
  explanation: '',
} as const;

/** An engine that is fresh, unless a spec changes that. */
export function presentAnswer(changes: Partial<Explanation> = {}): Explanation {
  return {
    ...FACTS,
    now: '2026-11-23T03:00:00.000Z',
    retired_at: null,
    alert_period_is_own: false,
    broker_user: null,
    active_alerts: [],
    failed_runs: [],
    latest_report: null,
    outcome: 'unchanged',
    effect: 'none',
    next: {
      kind: 'turns_too_old',
      fresh_until: '2026-11-23T20:00:00.000Z',
      check_at: '2026-11-23T21:00:00.000Z',
      alert: 'ENGINE_NO_WARM_BACKUP',
      needed_scopes: ['files'],
    },
    evidence: {
      last_successes: [],
      period: { changed_at: null, set_by: null, audit_log_id: null },
      monitoring: { added_by: null, audit_log_id: null },
      alerts: [],
      last_check_at: null,
      next_check_at: null,
    },
    latest_reports: [
      {
        done_at: '2026-11-22T21:00:00.000Z',
        scope: 'db',
        status: 'completed',
        counted_at: '2026-11-22T21:00:00.000Z',
        received_at: '2026-11-22T21:00:01.000Z',
        output_message: '',
        log_path: '',
        reported_by: null,
      },
    ],
    ...changes,
  };
}

export function pastAnswer(changes: Partial<PastExplanation> = {}): PastExplanation {
  return {
    ...FACTS,
    at: '2026-11-23T03:00:00.000Z',
    can_tell_since: null,
    enabled: true,
    active_alerts: [],
    ...changes,
  };
}
