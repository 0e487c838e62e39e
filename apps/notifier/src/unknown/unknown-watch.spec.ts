import { readUnknownSpells } from '@backup-awareness/database';
import type { ProductView } from '@backup-awareness/overview/judgement';
import { readProductState } from '@backup-awareness/overview/state';
import type { TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { HOUR_MS, MINUTE_MS } from '../spec/example-alert.js';
import { unknownWatch } from './unknown-watch.js';
import { useDatabase } from '../spec/use-database.js';

let database: TestDatabase;
let db: DataSource;
/** How far the test's clock is ahead of the database's. */
let aheadMs: number;
let services: ProductView['services'];
useDatabase((opened) => ({ database, db } = opened));
beforeEach(async () => {
  await database.owner.query(
    `UPDATE checker_state SET last_check_at = now(), latest_now_at = now()`,
  );
  aheadMs = 0;
  services = undefined;
});

const replica = () =>
  unknownWatch(db, async () => {
    const product = await readProductState(db);
    return { product: { ...product, now: product.now + aheadMs }, broker: undefined, services };
  });
const spells = async () => {
  const all = await readUnknownSpells(db, { endedAfter: 0 });
  return all.map(({ reason, endedAt }) => `${endedAt === null ? 'open' : 'over'}: ${reason}`);
};
const setUp = (sql: string) => database.owner.query(sql);

describe('the status', () => {
  it('is known while checks are made in time', async () => {
    await replica()();
    expect(await spells()).toEqual([]);
  });

  it.each([
    [
      'the clock was set back',
      `UPDATE checker_state SET latest_now_at = now() + interval '1 hour'`,
      `UPDATE checker_state SET latest_now_at = now()`,
      /^open: The database's clock was set back: it shows .* UTC, and a decision was made at .* UTC\. Correct the clock, or run backup-awareness clock accept\.$/,
    ],
    [
      'a check is overdue',
      `UPDATE checker_state SET last_check_at = now() - interval '7 hours'`,
      `UPDATE checker_state SET last_check_at = now()`,
      /^open: The check due at .* UTC has not been made\. Look at the service freshness-checker\.$/,
    ],
    [
      'a setting cannot be read',
      `UPDATE vdc_options SET option_value = 'soon' WHERE option_name = 'BackupCheckPeriodInHours'`,
      `UPDATE vdc_options SET option_value = '6' WHERE option_name = 'BackupCheckPeriodInHours'`,
      /^open: A setting cannot be read: .*BackupCheckPeriodInHours.*\.$/,
    ],
  ])('is unknown while %s, until a minute after that ends', async (_, begin, end, said) => {
    const look = replica();
    await setUp(begin);
    await look();
    expect(await spells()).toEqual([expect.stringMatching(said)]);
    await setUp(end);
    aheadMs = MINUTE_MS / 2;
    await look();
    expect(await spells()).toEqual([expect.stringMatching(/^open/)]);
    aheadMs = 2 * MINUTE_MS;
    await look();
    expect(await spells()).toEqual([expect.stringMatching(/^over/)]);
  });

  it('is unknown once a service has not been ready for five minutes, and not before', async () => {
    const look = replica();
    services = [{ name: 'ingest', url: '', unready: { kind: 'no_answer', error: 'refused' } }];
    await look();
    aheadMs = 5 * MINUTE_MS - 1_000;
    await look();
    expect(await spells()).toEqual([]);
    aheadMs = 5 * MINUTE_MS + 1_000;
    await look();
    expect(await spells()).toEqual(['open: ingest does not answer: refused.']);
  });

  it('is unknown again, after a service was ready for a moment, only five minutes later', async () => {
    const look = replica();
    const unready = [
      { name: 'ingest', url: '', unready: { kind: 'status' as const, status: 503 } },
    ];
    services = unready;
    await look();
    aheadMs = 4 * MINUTE_MS;
    services = [{ ...unready[0]!, unready: null }];
    await look();
    aheadMs = 4 * MINUTE_MS + 1_000;
    services = unready;
    await look();
    aheadMs = 8 * MINUTE_MS;
    await look();
    expect(await spells()).toEqual([]);
  });

  it('stays unknown while one replica sees it so, whatever another sees', async () => {
    const [one, other] = [replica(), replica()];
    const unready = { name: 'audit', url: '', unready: { kind: 'status' as const, status: 503 } };
    for (aheadMs = 0; aheadMs <= HOUR_MS / 2; aheadMs += 30_000) {
      services = [unready];
      await one();
      services = [];
      await other();
    }
    expect(await spells()).toEqual(['open: audit is not ready: HTTP status 503.']);
  });
});
