import { cloudEvent, eventually, report } from '@backup-awareness/testing';
import { startProduct, type ProductOnTestServers } from './product.js';
import { settled } from './settled.js';
import { subscribe, type Subscriber } from './subscriber.js';

/** As long as the contract allows; texts that contain it are longer. */
const LONGEST_FQDN = `${'e'.repeat(63)}.`.repeat(4).slice(0, 254) + 'x';
const LONGEST_SCOPE = 's'.repeat(64);
const LONGEST_ID = '🎈'.repeat(255);

let product: ProductOnTestServers;
let subscriber: Subscriber;

beforeAll(async () => {
  product = await startProduct();
  subscriber = await subscribe(product, 'limits');
});
afterAll(() => product?.stop());

const eventsOfLongest = () =>
  subscriber.received.map(({ event }) => event).filter(({ data }) => data.fqdn === LONGEST_FQDN);

const auditedOfLongest = () =>
  product.query<{ event_name: string; origin: string }>(
    `SELECT event_name, origin FROM audit_log WHERE fqdn = $1 AND alert_id IS NOT NULL ORDER BY audit_log_id`,
    [LONGEST_FQDN],
  );

describe('an engine with the longest host name', () => {
  it('has its alert raised, sent to a subscriber and recorded in the audit log', async () => {
    await product.cliJson('engines', 'add', LONGEST_FQDN);
    await eventually(async () => {
      expect(eventsOfLongest().map(({ type }) => type)).toEqual(['org.ovirt.BackupAlertRaised']);
      expect(await auditedOfLongest()).toEqual([
        { event_name: 'BackupAlertRaised', origin: `/ovirt/engines/${LONGEST_FQDN}` },
      ]);
    });
  });

  it('has reports stored and audited of which every part has its maximum length', async () => {
    const data = {
      ...report({ fqdn: LONGEST_FQDN, scope: LONGEST_SCOPE }),
      run_id: LONGEST_ID,
    };
    await product.client.publish(
      'ovirt.engine-backup',
      `ENGINE_BACKUP_COMPLETED.${LONGEST_SCOPE}`,
      cloudEvent(data, LONGEST_ID),
      { contentType: 'application/cloudevents+json', type: 'ENGINE_BACKUP_COMPLETED' },
    );
    await settled(product);
    const stored = await product.query(
      'SELECT scope, event_id, run_id FROM engine_backup_log WHERE fqdn = $1',
      [LONGEST_FQDN],
    );
    expect(stored).toEqual([{ scope: LONGEST_SCOPE, event_id: LONGEST_ID, run_id: LONGEST_ID }]);
    const audited = await product.query(
      'SELECT event_id, correlation_id FROM audit_log WHERE fqdn = $1 AND log_type = 9025',
      [LONGEST_FQDN],
    );
    expect(audited).toEqual([{ event_id: LONGEST_ID, correlation_id: LONGEST_ID }]);
  });

  it('has its alert cleared by a full backup', async () => {
    await product.reportFullBackup(LONGEST_FQDN);
    await eventually(async () => {
      expect(eventsOfLongest().at(-1)?.type).toBe('org.ovirt.BackupAlertCleared');
      expect((await auditedOfLongest()).map((row) => row.event_name)).toEqual([
        'BackupAlertRaised',
        'BackupAlertCleared',
      ]);
    });
  });

  it('leaves no dead letters', async () => {
    for (const queue of ['backup-awareness.ingest.dead', 'backup-awareness.audit.dead'])
      expect(await product.broker.depth(queue)).toBe(0);
  });
});
