import { AUDIT_QUEUE, INGEST_QUEUE } from '@backup-awareness/contracts';
import type { Delivery } from './delivery.js';
import { DUPLICATE, STORED } from './outcome.js';
import { onlyOwn } from './only-own.js';

const delivery = (text: string, replayQueue?: string) =>
  ({ body: Buffer.from(text), replayQueue }) as unknown as Delivery;
const textsOf = (batch: readonly Delivery[]) => batch.map(({ body }) => body.toString());

describe('a batch of ingest', () => {
  const handled: string[][] = [];
  const handle = onlyOwn(INGEST_QUEUE, async (batch) => {
    handled.push(textsOf(batch));
    return batch.map(() => STORED);
  });
  beforeEach(() => handled.splice(0));

  it('is handled as a whole if nothing in it is replayed for another queue', async () => {
    expect(await handle([delivery('new'), delivery('own', INGEST_QUEUE)])).toEqual([
      STORED,
      STORED,
    ]);
    expect(handled).toEqual([['new', 'own']]);
  });

  it('is handled without what is replayed for audit, which ingest has settled before', async () => {
    const batch = [delivery('a', AUDIT_QUEUE), delivery('b'), delivery('c', AUDIT_QUEUE)];
    expect(await handle(batch)).toEqual([DUPLICATE, STORED, DUPLICATE]);
    expect(handled).toEqual([['b']]);
  });

  it('is not handled at all if all of it is replayed for audit', async () => {
    expect(await handle([delivery('a', AUDIT_QUEUE)])).toEqual([DUPLICATE]);
    expect(handled).toEqual([]);
  });
});
