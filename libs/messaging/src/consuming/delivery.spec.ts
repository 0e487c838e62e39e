import type { ConsumeMessage } from 'amqplib';
import { bareDeadLetterOf, deadLetterOf } from '../dead-letters/dead-letter.js';
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
const deadLetterHeaders = (userId: unknown, headers: Record<string, unknown>) =>
  deadLetterOf('q', delivered(userId, headers), WHY).options.headers as Record<string, unknown>;

describe('headers of first arrival and original sender', () => {
  const told = { 'x-received-at': FIRST, 'x-original-user-id': 'host-1' };

  it('count from the replaying user', () => {
    expect(delivered('replay', told)).toMatchObject({ userId: 'host-1', firstReceivedAt: FIRST });
    expect(deadLetterHeaders('replay', told)).toMatchObject(told);
  });

  it.each([
    ['no headers', {}],
    ['an invalid instant', { 'x-received-at': 'yesterday', 'x-original-user-id': 7 }],
  ])(
    'with %s from the replaying user leave the sender unknown, never the replaying user itself',
    (_, headers) => {
      const delivery = delivered('replay', headers);
      expect([delivery.userId, delivery.firstReceivedAt]).toEqual([undefined, undefined]);
      expect(deadLetterHeaders('replay', headers)).not.toHaveProperty('x-original-user-id');
    },
  );

  it.each(['host-1', 'ingest', 'audit', 'REPLAY', 'test.replay', '', undefined, 7])(
    'do not count from %p, and do not pass for ours in a dead letter',
    (userId) => {
      const delivery = delivered(userId, told);
      expect(delivery.firstReceivedAt).toBeUndefined();
      expect(delivery.userId).toBe(typeof userId === 'string' ? userId : undefined);
      const headers = deadLetterHeaders(userId, {
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

describe('the id of a dead letter', () => {
  const replayed = { 'x-dead-letter-id': 'its id', 'x-replay-queue': 'q' };

  it('stays the same when the letter is replayed and refused again', () => {
    expect(delivered('replay', replayed)).toMatchObject({
      deadLetterId: 'its id',
      replayQueue: 'q',
    });
    expect(deadLetterHeaders('replay', replayed)['x-dead-letter-id']).toBe('its id');
  });

  it('is a new one for what anybody else sends, whatever it says', () => {
    const delivery = delivered('host-1', replayed);
    expect([delivery.deadLetterId, delivery.replayQueue]).toEqual([undefined, undefined]);
    const headers = deadLetterHeaders('host-1', replayed);
    expect(headers['x-dead-letter-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(headers).not.toHaveProperty('x-replay-queue');
    expect(Date.parse(String(headers['x-dead-at']))).not.toBeNaN();
  });

  it('is the same each time that publishing it is tried', () => {
    const delivery = delivered('host-1', {});
    const [first, second] = [
      deadLetterOf('q', delivery, WHY),
      bareDeadLetterOf('q', delivery, WHY, 'x'),
    ];
    const idOf = ({ options }: typeof first) =>
      (options.headers as Record<string, unknown>)['x-dead-letter-id'];
    expect(idOf(first)).toBe(idOf(second));
  });
});

describe('the number of earlier deliveries', () => {
  const countOf = (redelivered: boolean, headers: Record<string, unknown>) => {
    const message = raw('host-1', headers);
    Object.assign(message.fields, { redelivered });
    return deliveryOf(message, 'replay').deliveryCount;
  };

  it.each([
    ['0 for a first delivery, whatever the publisher writes', false, { 'x-delivery-count': 9 }, 0],
    ['at least 1 if the broker only says that it is a redelivery', true, {}, 1],
    ['the count of the broker', true, { 'x-delivery-count': 4 }, 4],
    [
      'the count of deliveries if the broker counts failures separately',
      true,
      { 'x-delivery-count': 1, 'x-acquired-count': 7 },
      7,
    ],
    ['1 if a header is not a number', true, { 'x-delivery-count': '9' }, 1],
  ])('is %s', (_, redelivered, headers, count) => {
    expect(countOf(redelivered, headers)).toBe(count);
  });
});
