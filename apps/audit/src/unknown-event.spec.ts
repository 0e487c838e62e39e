import type { OutgoingEvent } from '@backup-awareness/contracts';
import { bare, ENGINE, received, refusal, rowOf } from './spec/received.js';

describe('an event of a kind that is not known', () => {
  const unknown = (data: unknown, fields: Partial<OutgoingEvent> = {}) =>
    received({
      id: 'new-1',
      name: 'EngineMoved',
      exchange: 'ovirt.backup-administration',
      routingKey: 'EngineMoved',
      source: ENGINE,
      subject: 'move',
      time: '2026-12-01T00:00:00Z',
      data,
      ...fields,
    });

  it('is kept with all its data', () => {
    const data = { to: 'elsewhere', tries: [1, { deep: null }] };
    const row = rowOf(unknown(data));
    expect(row).toMatchObject({
      logTypeName: 'EngineMoved',
      logType: 0,
      severity: 0,
      message: 'engine.example.com: EngineMoved (move)',
      origin: ENGINE,
      fqdn: 'engine.example.com',
      eventName: 'EngineMoved',
    });
    expect(JSON.parse(row.customData)).toEqual(data);
  });

  it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'])(
    'is kept though it is named %s, like a member of every object',
    (name) => {
      expect(rowOf(unknown({ a: 1 }, { name, routingKey: name }))).toMatchObject({
        logTypeName: name,
        logType: 0,
        customData: '{"a":1}',
      });
    },
  );

  it('is kept with a source that is nobody’s we know', () => {
    const row = rowOf(unknown({}, { source: 'urn:elsewhere' }));
    expect(row).toMatchObject({
      origin: 'urn:elsewhere',
      fqdn: null,
      message: 'EngineMoved (move)',
    });
  });

  it('is kept from bare JSON under the exchange it came through', () => {
    const row = rowOf(bare('EngineMoved', { a: 1 }, { exchange: 'ovirt.backup-administration' }));
    expect(row.origin).toBe('/exchanges/ovirt.backup-administration');
  });

  it('is kept with text that PostgreSQL can hold, in values and names', () => {
    const row = rowOf(unknown({ 'a\u0000b': ['c\u0000d', { e: 'f\ud800g' }] }));
    expect(JSON.parse(row.customData)).toEqual({ 'a\ufffdb': ['c\ufffdd', { e: 'f\ufffdg' }] });
    expect(row.customData).not.toContain('\\u0000');
  });

  it('nested as deep as that may be is kept', () => {
    expect(JSON.parse(rowOf(unknown(nested(64))).customData)).toEqual(nested(64));
  });

  it.each([65, 1_000, 100_000])('nested %d deep is refused, in words', (depth) => {
    const json = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const message = bare('EngineMoved', json, { exchange: 'ovirt.backup-administration' });
    expect(refusal(message)).toBe('data: expected JSON nested 64 deep at most, got an object');
  });
});

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { a: nested(depth - 1) };
}
