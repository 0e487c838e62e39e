import { errorText, LogOnce } from '@backup-awareness/contracts';
import type { SqlRunner } from '@backup-awareness/database';
import { fleetFigures } from '@backup-awareness/overview/judgement';
import {
  readDestinationsSeen,
  readFleetState,
  type Destination,
  type FleetState,
} from '@backup-awareness/overview/state';
import {
  instantSamples,
  type MetricFamily,
  type ReadMetrics,
  type Sample,
} from '@backup-awareness/service';
import { Logger } from '@nestjs/common';
import type { StageInstants } from './checker-state.js';

/** What a leader or a standby tells of itself. */
export interface Leadership {
  readonly isLeader: boolean;
  /** How long its last check took; undefined before the first. */
  readonly lastCheckMs: number | undefined;
  readonly stages: StageInstants;
}

/** Reads what only the leader tells, so that several checkers do not tell it twice, and one that lost the lease tells nothing. */
export function fleetMetricsOf(sql: SqlRunner, leadership: Leadership): ReadMetrics {
  const log = new Logger('metrics');
  const unreadable = new LogOnce((error) => log.warn(`the fleet cannot be read: ${error}`));
  return async () => {
    const leader = leaderFamily(leadership.isLeader);
    if (!leadership.isLeader) return [leader];
    try {
      const fleet = await readFleetState(sql);
      const destinations = await readDestinationsSeen(sql);
      unreadable.set(undefined);
      return [
        leader,
        checkDuration(leadership.lastCheckMs),
        heartbeatFamily(leadership.stages),
        ...fleetFamilies(fleet),
        destinationsFamily(destinations),
      ];
    } catch (error) {
      unreadable.set(errorText(error));
      return [leader];
    }
  };
}

function leaderFamily(isLeader: boolean): MetricFamily {
  return {
    name: 'backup_awareness_leader',
    help: 'Whether this process is the leader (1) or a standby (0)',
    samples: [{ value: isLeader ? 1 : 0 }],
  };
}

function checkDuration(lastCheckMs: number | undefined): MetricFamily {
  return {
    name: 'backup_awareness_last_check_duration_seconds',
    help: 'How long the last check took, from its first statement to its commit',
    samples: lastCheckMs === undefined ? [] : [{ value: lastCheckMs / 1_000 }],
  };
}

function heartbeatFamily(stages: StageInstants): MetricFamily {
  return {
    name: 'backup_awareness_heartbeat_timestamp_seconds',
    help: 'When each stage of the path of events was last proven',
    samples: Object.entries(stages).flatMap(([stage, provenAt]) =>
      provenAt === null ? [] : [{ labels: { stage }, value: provenAt / 1_000 }],
    ),
  };
}

/** Told by the leader, since a notifier that does not run cannot tell it. */
function destinationsFamily(
  destinations: readonly Pick<Destination, 'destination' | 'seenAt'>[],
): MetricFamily {
  return {
    name: 'backup_awareness_notification_seen_timestamp_seconds',
    help: 'When a notifier last served a destination',
    samples: destinations.map(({ destination, seenAt }) => ({
      labels: { destination },
      value: seenAt / 1_000,
    })),
  };
}

/** The fleet as metrics. Every count is there, 0 too; an instant only where there is one. */
export function fleetFamilies(fleet: FleetState): MetricFamily[] {
  const { engines, alerts, oldestFullBackupAt, nextCheckAt } = fleetFigures(fleet);
  const { waiting, setAside, oldestWaitingAt } = fleet.outbox;
  return [
    {
      name: 'backup_awareness_engines',
      help: 'Monitored engines, by verdict',
      samples: counts('verdict', engines),
    },
    {
      name: 'backup_awareness_oldest_full_backup_timestamp_seconds',
      help: 'The oldest of the last full backups of monitored engines',
      samples: instantSamples(oldestFullBackupAt),
    },
    {
      name: 'backup_awareness_last_check_timestamp_seconds',
      help: 'When the last check was made',
      samples: instantSamples(fleet.lastCheck?.at ?? null),
    },
    {
      name: 'backup_awareness_next_check_timestamp_seconds',
      help: 'When the next check is due; absent if none is, or if the time is unknown',
      samples: instantSamples(nextCheckAt),
    },
    {
      name: 'backup_awareness_alerts_active',
      help: 'Active alerts, dismissed or not, by alert',
      samples: counts('alert', alerts),
    },
    {
      name: 'backup_awareness_outbox_oldest_timestamp_seconds',
      help: 'When the oldest pending event was written to the outbox',
      samples: instantSamples(oldestWaitingAt),
    },
    {
      name: 'backup_awareness_outbox_events',
      help: 'Events in the outbox, by state',
      samples: counts('state', { pending: waiting, set_aside: setAside }),
    },
  ];
}

function counts(label: string, values: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));
}
