import { accept, refuse } from '@backup-awareness/contracts';
import type { Delivery } from './delivery.js';
import { storeBatch } from './store-batch.js';

class DataError extends Error {}
class UnknownError extends Error {}

const delivery = (text: string) => ({ body: Buffer.from(text) }) as unknown as Delivery;
const textOf = ({ body }: Delivery) => Buffer.from(body).toString();

/** The text decides the outcome: a batch with `poison` fails as a whole, as a statement does. */
function storing(stored: string[], environment?: Error) {
  return {
    parse: (one: Delivery) =>
      textOf(one) === 'malformed' ? refuse('body', 'sense', 'none') : accept({ fqdn: textOf(one) }),
    store: async (reports: readonly { readonly fqdn: string }[]) => {
      if (environment) throw environment;
      const values = reports.map(({ fqdn }) => fqdn);
      if (values.includes('odd')) throw new UnknownError('internal error');
      if (values.includes('poison')) throw new DataError('value out of range');
      stored.push(...values);
      return values.map((value) =>
        value === 'again'
          ? ('duplicate' as const)
          : value === 'reused'
            ? ('id_reused' as const)
            : value === 'forged'
              ? ('not_authorised' as const)
              : value.startsWith('new')
                ? ('unknown_engine' as const)
                : ('stored' as const),
      );
    },
    faultOf: (error: unknown) =>
      error instanceof DataError
        ? ('data' as const)
        : error instanceof UnknownError
          ? ('unknown' as const)
          : ('environment' as const),
  };
}

describe('a batch', () => {
  it('has an outcome for each message, in order', async () => {
    const stored: string[] = [];
    const outcomes = await storeBatch(
      ['a', 'malformed', 'again', 'reused'].map(delivery),
      storing(stored),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['stored', 'invalid', 'duplicate', 'invalid']);
    expect(outcomes[3]).toMatchObject({
      invalid: { reason: expect.stringContaining('id reused') },
    });
    expect(stored).toEqual(['a', 'again', 'reused']);
  });

  it.each([0, 1, 2, 3, 4])(
    'with data that the store refuses at position %d stores all others',
    async (place) => {
      const texts = ['a', 'b', 'c', 'd'];
      texts.splice(place, 0, 'poison');
      const stored: string[] = [];
      const outcomes = await storeBatch(texts.map(delivery), storing(stored));
      expect(stored).toEqual(['a', 'b', 'c', 'd']);
      expect(outcomes.map(({ kind }) => kind)).toEqual(
        texts.map((text) => (text === 'poison' ? 'invalid' : 'stored')),
      );
      expect(outcomes[place]).toMatchObject({ invalid: { got: 'value out of range' } });
    },
  );

  it('with a failure of unknown cause stores all others, and makes no dead letter', async () => {
    const stored: string[] = [];
    const outcomes = await storeBatch(['a', 'odd', 'b', 'c'].map(delivery), storing(stored));
    expect(stored).toEqual(['a', 'b', 'c']);
    expect(outcomes[1]).toEqual({ kind: 'failed', reason: 'internal error' });
  });

  it('has to be tried again if the environment is at fault, except invalid messages', async () => {
    const outcomes = await storeBatch(
      ['a', 'malformed'].map(delivery),
      storing([], new Error('disk full')),
    );
    expect(outcomes).toEqual([
      { kind: 'try_again', reason: 'disk full' },
      expect.objectContaining({ kind: 'invalid' }),
    ]);
  });
});

it('names the sender of each message that is not authorised', async () => {
  const sent = (text: string, userId?: string) => ({ ...delivery(text), userId }) as Delivery;
  const batch = [sent('a', 'host'), sent('malformed'), sent('forged', 'other'), sent('forged')];
  const outcomes = await storeBatch(batch, storing([]));
  const expected =
    'the broker user of that engine, or, if it has none, a user of no other engine (see backup-awareness engines list)';
  expect(outcomes.slice(2)).toEqual(
    ['"other"', 'nothing'].map((got) => ({
      kind: 'invalid',
      invalid: {
        path: 'user_id',
        expected,
        got,
        reason: `not authorised: expected ${expected}, got ${got}`,
      },
    })),
  );
});

it('says how to add an engine that reports may no longer register', async () => {
  const [outcome] = await storeBatch([delivery('new.example.com')], storing([]));
  expect(outcome).toMatchObject({
    kind: 'invalid',
    invalid: {
      path: 'data.fqdn',
      got: '"new.example.com"',
      reason: expect.stringMatching(
        /^unknown engine: .*EngineRegistrationMax.*backup-awareness engines add new\.example\.com/,
      ),
    },
  });
});
