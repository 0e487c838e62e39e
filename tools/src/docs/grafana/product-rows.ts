import { bad, good, RATE, type Row } from './panel.js';

const CHECKS: Row = {
  title: 'Checks',
  height: 6,
  panels: [
    {
      kind: 'stat',
      title: 'Next check in',
      description:
        'Negative while the check is overdue; none while checks are disabled or the time is unknown.',
      unit: 's',
      width: 5,
      steps: good(-90),
      queries: [
        {
          expr: 'max(backup_awareness_next_check_timestamp_seconds) - time()',
          legend: 'next check',
        },
      ],
    },
    {
      kind: 'stat',
      title: 'Last check',
      description: 'The time since the last check.',
      unit: 's',
      width: 5,
      queries: [
        {
          expr: 'time() - max(backup_awareness_last_check_timestamp_seconds)',
          legend: 'last check',
        },
      ],
    },
    {
      kind: 'stat',
      title: 'Leaders',
      description: 'Of several checkers one is the leader. Without a leader nothing is decided.',
      unit: 'short',
      width: 4,
      steps: good(1),
      queries: [{ expr: 'sum(backup_awareness_leader)', legend: 'leaders' }],
    },
    {
      kind: 'timeseries',
      title: 'Duration of checks',
      description: 'How long the last check took.',
      unit: 's',
      width: 5,
      queries: [{ expr: 'max(backup_awareness_last_check_duration_seconds)', legend: 'duration' }],
    },
    {
      kind: 'timeseries',
      title: 'Checks made',
      description:
        'Checks by reason: because one was due, after a change of settings, or by a new leader.',
      unit: 'short',
      width: 5,
      queries: [
        {
          expr: `sum by (reason) (increase(backup_awareness_checks_total[${RATE}]))`,
          legend: '{{reason}}',
        },
      ],
    },
  ],
};

const MESSAGES: Row = {
  title: 'Messages and lag',
  height: 8,
  panels: [
    {
      kind: 'timeseries',
      title: 'Messages settled',
      description: 'Messages of ingest and audit by what became of them.',
      unit: 'mps',
      width: 8,
      queries: [
        {
          expr: `sum by (queue, outcome) (rate(backup_awareness_messages_settled_total[${RATE}]))`,
          legend: '{{queue}}: {{outcome}}',
        },
      ],
    },
    {
      kind: 'timeseries',
      title: 'Duration of a batch',
      description: 'From when a batch is taken until it is settled: 95 of 100 take no longer.',
      unit: 's',
      width: 8,
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (queue, le) (rate(backup_awareness_batch_duration_seconds_bucket[${RATE}])))`,
          legend: '{{queue}}',
        },
      ],
    },
    {
      kind: 'timeseries',
      title: 'Messages of a batch',
      description: 'The mean size of a batch. It grows with the backlog, up to 330.',
      unit: 'short',
      width: 8,
      queries: [
        {
          expr: `sum by (queue) (rate(backup_awareness_batch_messages_sum[${RATE}])) / sum by (queue) (rate(backup_awareness_batch_messages_count[${RATE}]))`,
          legend: '{{queue}}',
        },
      ],
    },
  ],
};

const REFUSED: Row = {
  title: 'What waits or was refused',
  height: 6,
  panels: [
    {
      kind: 'stat',
      title: 'Dead letters within the last hour',
      description:
        'Messages that were refused for good: backup-awareness dead-letters list shows them.',
      unit: 'short',
      width: 6,
      steps: bad(1),
      queries: [
        {
          expr: 'sum by (queue) (increase(backup_awareness_messages_settled_total{outcome="invalid"}[1h]))',
          legend: '{{queue}}',
        },
      ],
    },
    {
      kind: 'stat',
      title: 'Probes within the last ten minutes',
      description: 'Probes take the way of reports. None: a report would not be stored now.',
      unit: 'short',
      width: 6,
      steps: good(1),
      queries: [
        {
          expr: 'sum by (queue) (increase(backup_awareness_messages_settled_total{outcome="probe"}[10m]))',
          legend: '{{queue}}',
        },
      ],
    },
    {
      kind: 'stat',
      title: 'Oldest pending event',
      description:
        'How long an event has waited in the outbox to be published; none if none waits.',
      unit: 's',
      width: 6,
      steps: bad(60),
      queries: [
        {
          expr: 'time() - min(backup_awareness_outbox_oldest_timestamp_seconds)',
          legend: 'oldest',
        },
      ],
    },
    {
      kind: 'stat',
      title: 'Events in the outbox',
      description:
        'Events set aside could not be published: backup-awareness outbox list shows them.',
      unit: 'short',
      width: 6,
      queries: [{ expr: 'max by (state) (backup_awareness_outbox_events)', legend: '{{state}}' }],
    },
  ],
};

const NOTIFICATIONS: Row = {
  title: 'Notifications',
  height: 7,
  panels: [
    {
      kind: 'timeseries',
      title: 'Notifications sent',
      description:
        'Notifications by destination and outcome. Failed ones are tried again, for three days.',
      unit: 'short',
      width: 12,
      queries: [
        {
          expr: `sum by (destination, outcome) (increase(backup_awareness_notifications_total[${RATE}]))`,
          legend: '{{destination}}: {{outcome}}',
        },
      ],
    },
    {
      kind: 'stat',
      title: 'Last success',
      description:
        'The time since a destination was last notified. Alertmanager is notified every minute, the others when there is news.',
      unit: 's',
      width: 6,
      queries: [
        {
          expr: 'time() - max by (destination) (backup_awareness_notification_last_success_timestamp_seconds)',
          legend: '{{destination}}',
        },
      ],
    },
    {
      kind: 'stat',
      title: 'Failing for',
      description: 'How long every attempt to notify a destination has failed; none if none fails.',
      unit: 's',
      width: 6,
      steps: bad(0),
      queries: [
        {
          expr: 'time() - min by (destination) (backup_awareness_notification_failing_since_timestamp_seconds)',
          legend: '{{destination}}',
        },
      ],
    },
  ],
};

const SERVICES: Row = {
  title: 'Services',
  height: 7,
  panels: [
    {
      kind: 'stat',
      title: 'Answering',
      description: 'Whether the metrics of a service can be read.',
      unit: 'bool_yes_no',
      width: 8,
      steps: good(1),
      queries: [{ expr: 'up{job="backup-awareness"}', legend: '{{service}} {{instance}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Processor',
      description: 'Processor time per second.',
      unit: 'percentunit',
      width: 8,
      queries: [
        {
          expr: `rate(process_cpu_seconds_total{job="backup-awareness"}[${RATE}])`,
          legend: '{{service}} {{instance}}',
        },
      ],
    },
    {
      kind: 'timeseries',
      title: 'Memory',
      description: 'Resident memory.',
      unit: 'bytes',
      width: 8,
      queries: [
        {
          expr: 'process_resident_memory_bytes{job="backup-awareness"}',
          legend: '{{service}} {{instance}}',
        },
      ],
    },
  ],
};

/** The product itself: what could hide the state of the engines. */
export const PRODUCT_ROWS: readonly Row[] = [CHECKS, MESSAGES, REFUSED, NOTIFICATIONS, SERVICES];
