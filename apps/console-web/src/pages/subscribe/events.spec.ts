import { readFileSync } from 'node:fs';
import { eventsOf, type AsyncApi } from './events.js';

const DOCUMENT = JSON.parse(readFileSync('../../docs/asyncapi.json', 'utf8')) as AsyncApi;
const SCHEMAS = { '/docs/schemas/BackupAlertRaised/1.json': '/assets/1-abc.json' };

test('the events of a channel are those of the document, with meaning, example and schema', () => {
  const [alerts] = eventsOf(DOCUMENT, SCHEMAS, ['ovirt.backup-alerts']);
  expect(alerts!.channel).toBe('ovirt.backup-alerts');
  const [raised] = alerts!.events;
  expect(raised).toMatchObject({ name: 'BackupAlertRaised', schema: '/assets/1-abc.json' });
  expect(raised!.summary).not.toBe('');
  expect(JSON.parse(raised!.example!)).toMatchObject({ type: 'org.ovirt.BackupAlertRaised' });
});

test('a request has no schema of its own', () => {
  const [reports] = eventsOf(DOCUMENT, SCHEMAS, ['ovirt.engine-backup']);
  const request = reports!.events.find(({ name }) => name === 'BACKUP_SETTINGS_REQUESTED');
  expect(request).toMatchObject({ schema: undefined, example: undefined });
});
