import type { Answer } from '../api/use-answer.js';

export const NOW = Date.parse('2026-11-29T10:00:00.000Z');

type Overview = Answer<'/overview'>;
export type EngineItem = Overview['worst'][number];

/** Three fresh engines, judged by a check in time. */
export function exampleOverview(fields: Partial<Overview> = {}): Overview {
  return {
    now: new Date(NOW).toISOString(),
    trust: { known: true, reasons: [] },
    counts: {
      watched: 3,
      fresh: 3,
      too_old: 0,
      no_full_backup: 0,
      unknown: 0,
      stuck: 0,
      dismissed: 0,
    },
    next_to_turn: { fqdn: 'a.example.com', at: '2026-11-29T12:00:00.000Z' },
    worst: [exampleItem('a'), exampleItem('b'), exampleItem('c')],
    next: [exampleItem('a'), exampleItem('b'), exampleItem('c')],
    age_histogram: [],
    last_check_at: '2026-11-29T09:00:00.000Z',
    next_check_at: '2026-11-29T15:00:00.000Z',
    ...fields,
  };
}

export function exampleItem(name: string, fields: Partial<EngineItem> = {}): EngineItem {
  return {
    fqdn: `${name}.example.com`,
    verdict: 'fresh',
    last_full_backup_at: '2026-11-28T12:00:00.000Z',
    age_seconds: 79_200,
    alert_period_days: 1,
    turns_too_old_at: '2026-11-29T12:00:00.000Z',
    short_scope: 'db',
    active_alerts: [],
    broker_user: null,
    watched_since: '2026-01-01T00:00:00.000Z',
    ...fields,
  };
}
