import { createHash } from 'node:crypto';
import { settingChangedExample } from '@backup-awareness/contracts';
import type { AuditRow } from '@backup-awareness/database';
import { KINDS, REPORT, report } from './spec/kinds-of-event.js';
import { bare, ENGINE, NOW, received, rowOf } from './spec/received.js';

describe('an event becomes a row of the audit log', () => {
  it.each(KINDS)('%s', (_, event, expected) => {
    const row = rowOf(received(event));
    expect(row).toMatchObject({ ...expected, eventId: event.id, eventName: event.name });
    expect(row.message).not.toBe('');
    expect(Date.parse(row.logTime)).toBe(Date.parse(event.time));
  });

  it.each(KINDS.slice(3))('%s, with all its data', (_, event) => {
    const { customData } = rowOf(received(event));
    const data = event.data as Record<string, unknown>;
    const kept = JSON.parse(customData) as Record<string, unknown>;
    for (const [name, value] of Object.entries(data)) {
      const isInstant = typeof value === 'string' && /^\d{4}-.*Z$/.test(value);
      expect([name, isInstant ? Date.parse(String(kept[name])) : kept[name]]).toEqual([
        name,
        isInstant ? Date.parse(value) : value,
      ]);
    }
  });

  it('a report with its run as the correlation id', () => {
    const event = report('ENGINE_BACKUP_COMPLETED', 1);
    const row = rowOf(received({ ...event, data: { ...REPORT, run_id: 'run-7' } }));
    expect(row.correlationId).toBe('run-7');
  });

  it.each(KINDS)('%s, with the trace-id as the correlation id if it has a trace', (_, event) => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const row = rowOf(received({ ...event, traceparent }));
    expect(row.correlationId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('at the time of arrival if its own time is in the future', () => {
    const event = { ...report('ENGINE_BACKUP_COMPLETED', 1), time: '2099-01-01T00:00:00Z' };
    expect(rowOf(received(event)).logTime).toBe(NOW.toISOString());
  });
});

describe('bare JSON', () => {
  it('of a report has its engine as origin, the time it was done, and a hash as id', () => {
    const text = JSON.stringify(REPORT);
    const row = rowOf(bare('ENGINE_BACKUP_COMPLETED', text));
    expect(row).toMatchObject({
      origin: ENGINE,
      logType: 9025,
      logTime: '2026-11-23T00:10:42.000000Z',
      eventId: createHash('sha256').update('ENGINE_BACKUP_COMPLETED').update(text).digest('hex'),
    });
  });

  it('of a report is the same event as a CloudEvent with the same id', () => {
    const asBare = rowOf(bare('ENGINE_BACKUP_COMPLETED.db', REPORT, { messageId: 'report-1' }));
    const asCloudEvent = rowOf(received(report('ENGINE_BACKUP_COMPLETED', 1)));
    const keyAndContent = ({ origin, eventId, eventName, customData }: AuditRow) => ({
      origin,
      eventId,
      eventName,
      customData,
    });
    expect(keyAndContent(asBare)).toEqual(keyAndContent(asCloudEvent));
  });

  it('of an event of administration that concerns no engine has the product as origin', () => {
    const row = rowOf(
      bare('SettingChanged', settingChangedExample, { exchange: 'ovirt.backup-administration' }),
    );
    expect(row.origin).toBe('/ovirt/backup-awareness');
  });
});
