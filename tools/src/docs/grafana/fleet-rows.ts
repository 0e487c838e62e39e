import { bad, good, RATE, type Row } from './panel.js';

const FULL_BACKUP = 'max by (fqdn) (backup_awareness_engine_last_full_backup_timestamp_seconds)';
const PERIOD = 'max by (fqdn) (backup_awareness_engine_alert_period_seconds)';

const FLEET: Row = {
  title: 'Fleet',
  height: 6,
  panels: [
    {
      kind: 'stat',
      title: 'Known to be fresh',
      description:
        'The share of monitored engines with a fresh full backup. None while checks are not made in time: then nothing is known.',
      unit: 'percentunit',
      width: 4,
      steps: good(1),
      queries: [
        {
          expr: 'sum(backup_awareness_engines{verdict="fresh"}) / (sum(backup_awareness_engines) > 0) and on () max(backup_awareness_next_check_timestamp_seconds) > time() - 300',
          legend: 'fresh',
        },
      ],
    },
    {
      kind: 'stat',
      title: 'Engines',
      description: 'Monitored engines by verdict, as of now.',
      unit: 'short',
      width: 8,
      queries: [{ expr: 'max by (verdict) (backup_awareness_engines)', legend: '{{verdict}}' }],
    },
    {
      kind: 'stat',
      title: 'Active alerts',
      description: 'Alerts that were raised and are not cleared, dismissed or not.',
      unit: 'short',
      width: 8,
      steps: bad(1),
      queries: [{ expr: 'max by (alert) (backup_awareness_alerts_active)', legend: '{{alert}}' }],
    },
    {
      kind: 'stat',
      title: 'Oldest full backup',
      description:
        'The age of the oldest of the last full backups. An engine without one is not among them.',
      unit: 's',
      width: 4,
      queries: [
        {
          expr: 'time() - min(backup_awareness_oldest_full_backup_timestamp_seconds)',
          legend: 'age',
        },
      ],
    },
  ],
};

const ENGINES: Row = {
  title: 'Engines (from /metrics/engines)',
  height: 10,
  panels: [
    {
      kind: 'bargauge',
      title: 'Age against the maximum',
      description:
        'The age of the last full backup as a share of the maximum age of that engine: the 20 highest. Above 100 % it is too old.',
      unit: 'percentunit',
      width: 9,
      max: 1,
      steps: [
        { color: 'green', value: null },
        { color: 'yellow', value: 0.8 },
        { color: 'red', value: 1 },
      ],
      queries: [{ expr: `topk(20, (time() - ${FULL_BACKUP}) / ${PERIOD})`, legend: '{{fqdn}}' }],
    },
    {
      kind: 'bargauge',
      title: 'The next to turn',
      description:
        'How long the last full backup stays fresh if nothing more is reported: the 20 engines with the least time left.',
      unit: 's',
      width: 9,
      queries: [
        { expr: `bottomk(20, ${FULL_BACKUP} + ${PERIOD} - time() > 0)`, legend: '{{fqdn}}' },
      ],
    },
    {
      kind: 'stat',
      title: 'Without a full backup',
      description: 'Engines with the alert that they have no full backup.',
      unit: 'short',
      width: 6,
      steps: bad(1),
      queries: [
        {
          expr: 'max by (fqdn) (backup_awareness_engine_alert_active{alert="ENGINE_NO_FULL_BACKUP"})',
          legend: '{{fqdn}}',
        },
      ],
    },
  ],
};

const HISTORY: Row = {
  title: 'History',
  height: 8,
  panels: [
    {
      kind: 'timeseries',
      title: 'Engines by verdict',
      description: 'Monitored engines by verdict. A gap: no leader answered.',
      unit: 'short',
      width: 12,
      queries: [{ expr: 'max by (verdict) (backup_awareness_engines)', legend: '{{verdict}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Alerts raised and cleared',
      description: 'Decisions that changed an alert, with their reason.',
      unit: 'short',
      width: 12,
      queries: [
        {
          expr: `sum by (outcome, reason) (increase(backup_awareness_alert_decisions_total[${RATE}]))`,
          legend: '{{outcome}}: {{reason}}',
        },
      ],
    },
  ],
};

/** The engines: their verdicts, their ages, their alerts. */
export const FLEET_ROWS: readonly Row[] = [FLEET, ENGINES, HISTORY];
