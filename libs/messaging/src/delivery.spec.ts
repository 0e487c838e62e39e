import type { ConsumeMessage } from 'amqplib';
import { deadLetterOf } from './dead-letter.js';
import { deliveryOf } from './delivery.js';

const FIRST = '2026-11-01T00:00:00.000000Z';
const WHY = { reason: 'r', path: 'p', expected: 'e', got: 'g' };

function raw(userId: unknown, headers: Record<string, unknown>): ConsumeMessage {
  return {
    content: Buffer.from('{}'),
    fields: { exchange: 'ovirt.engine-backup', routingKey: 'x', redelivered: false },
    properties: { userId, headers },
  } as unknown as ConsumeMessage;
}

const delivered = (userId: unknown, headers: Record<string, unknown>) =>
  deliveryOf(raw(userId, headers), 'replay');
const buried = (userId: unknown, headers: Record<string, unknown>) =>
  deadLetterOf('q', delivered(userId, headers), WHY).options.headers as Record<string, unknown>;

describe('what headers say of a first arrival and its sender', () => {
  const told = { 'x-received-at': FIRST, 'x-original-user-id': 'host-1' };

  it('counts from the replaying user', () => {
    expect(delivered('replay', told)).toMatchObject({ userId: 'host-1', firstReceivedAt: FIRST });
    expect(buried('replay', told)).toMatchObject(told);
  });

  it.each([
    ['no headers', {}],
    ['an instant that is none', { 'x-received-at': 'yesterday', 'x-original-user-id': 7 }],
  ])(
    'is nothing where the replaying user sends %s: it is never the sender itself',
    (_, headers) => {
      const delivery = delivered('replay', headers);
      expect([delivery.userId, delivery.firstReceivedAt]).toEqual([undefined, undefined]);
      expect(buried('replay', headers)).not.toHaveProperty('x-original-user-id');
    },
  );

  it.each(['host-1', 'ingest', 'audit', 'REPLAY', 'test.replay', '', undefined, 7])(
    'does not count from %p, and is not kept as if it were ours',
    (userId) => {
      const delivery = delivered(userId, told);
      expect(delivery.firstReceivedAt).toBeUndefined();
      expect(delivery.userId).toBe(typeof userId === 'string' ? userId : undefined);
      const headers = buried(userId, {
        ...told,
        'x-error-reason': 'false',
        'x-original-exchange': 'false',
        'x-dead-letter-id': 'false',
        'x-dead-at': 'false',
        mine: 'kept',
      });
      expect(headers['x-received-at']).not.toBe(FIRST);
      expect(headers['x-original-user-id']).toBe(
        typeof userId === 'string' && userId !== '' ? userId : undefined,
      );
      expect(Object.values(headers)).not.toContain('false');
      expect(headers['mine']).toBe('kept');
    },
  );
});

describe('how often somebody was given a message before', () => {
  const countOf = (redelivered: boolean, headers: Record<string, unknown>) => {
    const message = raw('host-1', headers);
    Object.assign(message.fields, { redelivered });
    return deliveryOf(message, 'replay').deliveryCount;
  };

  it.each([
    ['never, whatever its publisher writes', false, { 'x-delivery-count': 9 }, 0],
    ['once at least, where the broker only says that it is a redelivery', true, {}, 1],
    ['as often as the broker counts', true, { 'x-delivery-count': 4 }, 4],
    [
      'as often as it was given away, where the broker counts failures apart',
      true,
      { 'x-delivery-count': 1, 'x-acquired-count': 7 },
      7,
    ],
    ['once, where a header is no number', true, { 'x-delivery-count': '9' }, 1],
  ])('is %s', (_, redelivered, headers, count) => {
    expect(countOf(redelivered, headers)).toBe(count);
  });
});
