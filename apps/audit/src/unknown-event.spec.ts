import type { OutgoingEvent } from '@backup-awareness/contracts';
import { bare, ENGINE, received, refusal, rowOf } from './spec/received.js';

describe('an event of an unknown kind', () => {
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

  it('is kept with an unknown source', () => {
    const row = rowOf(unknown({}, { source: 'urn:elsewhere' }));
    expect(row).toMatchObject({
      origin: 'urn:elsewhere',
      fqdn: null,
      message: 'EngineMoved (move)',
    });
  });

  it('is kept from bare JSON with the exchange as its origin', () => {
    const row = rowOf(bare('EngineMoved', { a: 1 }, { exchange: 'ovirt.backup-administration' }));
    expect(row.origin).toBe('/exchanges/ovirt.backup-administration');
  });

  it('is kept with values and names that PostgreSQL can store', () => {
    const row = rowOf(unknown({ 'a\u0000b': ['c\u0000d', { e: 'f\ud800g' }] }));
    expect(JSON.parse(row.customData)).toEqual({ 'a\ufffdb': ['c\ufffdd', { e: 'f\ufffdg' }] });
    expect(row.customData).not.toContain('\\u0000');
  });

  const inBoth = (data: string): [string, string][] => [
    ['bare JSON', rowOf(bare('EngineMoved', data, ADMINISTRATION)).customData],
    ['a CloudEvent', rowOf(bare('EngineMoved', cloudEvent(data), ADMINISTRATION)).customData],
  ];

  it.each([
    '12345678901234567890',
    '9007199254740993',
    '-0',
    '-0.0',
    '1e400',
    '1E-400',
    '0.1000000000000000000000000000000001',
    '1.10',
    '"9007199254740993"',
    '"\\"\\\\"',
    '"data"',
    '{"data":1,"specversion":"2"}',
    '[{"data":2},[],{},true,false,null]',
  ])('is kept with %s as it was written', (json) => {
    const data = `{"data":${json},"a":[${json}]}`;
    for (const [form, kept] of inBoth(data)) expect([form, kept]).toEqual([form, data]);
  });

  it('is kept without white space between tokens, but with that in strings', () => {
    for (const [, kept] of inBoth(' { "a" :\t[ 1 ,\n" b " ] } '))
      expect(kept).toBe('{"a":[1," b "]}');
  });

  it('is refused with data twice', () => {
    const twice = cloudEvent('{"a":1}').replace(/}$/, ',"d\\u0061ta":{"a":2}}');
    expect(refusal(bare('EngineMoved', twice, ADMINISTRATION))).toBe(
      'data: expected each key once, got the same key twice in one object',
    );
  });

  it.each(['1e9999999', '1e-2097153', `[${'1e131071,'.repeat(20)}0]`])(
    'is refused with %s, which would be too long to read',
    (number) => {
      const message = bare('EngineMoved', `{"a":${number}}`, ADMINISTRATION);
      expect(refusal(message)).toContain('data: expected numbers of at most 2097152 digits');
    },
  );

  it('is kept when nested as deep as allowed', () => {
    expect(JSON.parse(rowOf(unknown(nested(64))).customData)).toEqual(nested(64));
  });

  it.each([65, 1_000, 100_000])('is refused when nested %d deep', (depth) => {
    const json = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const message = bare('EngineMoved', json, { exchange: 'ovirt.backup-administration' });
    expect(refusal(message)).toBe('data: expected JSON nested at most 64 deep, got an object');
  });
});

const ADMINISTRATION = { exchange: 'ovirt.backup-administration' };

const cloudEvent = (data: string) =>
  `{"specversion":"1.0","id":"new-1","source":"${ENGINE}","data":${data},"type":"org.ovirt.EngineMoved"}`;

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { a: nested(depth - 1) };
}
