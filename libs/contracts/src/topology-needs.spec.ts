import { topologyNeeds } from './topology-needs.js';
import {
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  AUDIT_QUEUE,
  INGEST_QUEUE,
  SETTINGS_QUEUE,
} from './topology.js';

const sorted = ({ exchanges, queues }: ReturnType<typeof topologyNeeds>) => ({
  exchanges: [...exchanges].sort(),
  queues: [...queues].sort(),
});

describe('what a service needs at the broker', () => {
  it('if it consumes reports and answers requests: their exchange and queues, and where invalid ones go', () => {
    expect(sorted(topologyNeeds({ consumes: [INGEST_QUEUE, SETTINGS_QUEUE] }))).toEqual({
      exchanges: ['backup-awareness.dead', 'ovirt.engine-backup', 'ovirt.unrouted'],
      queues: [
        'backup-awareness.ingest',
        'backup-awareness.ingest.dead',
        'backup-awareness.settings',
        'ovirt.unrouted',
      ],
    });
  });

  it('if it consumes every event: every exchange that leads to its queue', () => {
    expect(sorted(topologyNeeds({ consumes: [AUDIT_QUEUE] }))).toEqual({
      exchanges: [
        'backup-awareness.dead',
        'ovirt.backup-administration',
        'ovirt.backup-alerts',
        'ovirt.engine-backup',
        'ovirt.unrouted',
      ],
      queues: ['backup-awareness.audit', 'backup-awareness.audit.dead', 'ovirt.unrouted'],
    });
  });

  it('if it only publishes and reads a backlog: no dead letters', () => {
    const use = {
      publishesTo: [ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE],
      watches: [INGEST_QUEUE],
    };
    expect(sorted(topologyNeeds(use))).toEqual({
      exchanges: ['ovirt.backup-administration', 'ovirt.backup-alerts', 'ovirt.unrouted'],
      queues: ['backup-awareness.ingest', 'ovirt.unrouted'],
    });
  });
});
