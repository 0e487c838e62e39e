import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_BACKUP_EXCHANGE } from '@backup-awareness/contracts';
import { connect, type ConfirmChannel } from 'amqplib';
import pg from 'pg';
import { atMost, type Figure, type FigureGroup } from '../figure.js';
import { deleteQueue, emptyQueue } from '../queues.js';
import { reportNumber } from '../reports.js';
import { clearTables, type Stage } from '../stage.js';
import { quantile } from '../statistics.js';

const TIMES = 300;
const WARM_UP = 30;
const BETWEEN_MS = 20;
const FLOOR_QUEUE = 'bench.floor';

/** Idle: from publishing one report until its row is visible, against one round trip of the broker and one commit of the database. */
export const latency: FigureGroup = {
  name: 'latency',
  async measure(stage) {
    const { amqpUrl, databaseUrl, services, signal } = stage;
    await clearTables(stage);
    await emptyQueue(amqpUrl, FLOOR_QUEUE);
    await stage.database.query('CREATE TABLE bench_floor (LIKE engine_backup_log INCLUDING ALL)');
    await services.ingest.start(signal);
    const broker = await connect(amqpUrl, { noDelay: true });
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(WAIT_FOR_REPORT);
    try {
      const channel = await broker.createConfirmChannel();
      const floor = await floorOf(channel, client);
      const both = await stage.progress.step(
        `latency, ${TIMES} times each`,
        () => byTurns(stage, { ours: () => untilVisible(channel, client), floor }),
        'measured',
      );
      return [figure('p50', 0.5, 1.3, both), figure('p99', 0.99, 2, both)];
    } finally {
      await broker.close();
      await client.end();
      await services.ingest.stop();
      await stage.database.query('DROP TABLE bench_floor');
      await deleteQueue(amqpUrl, FLOOR_QUEUE);
    }
  },
};

interface Both {
  readonly ours: readonly number[];
  readonly floor: readonly number[];
}

function figure(name: string, part: number, most: number, { ours, floor }: Both): Figure {
  return {
    name: `latency_${name}_vs_floor`,
    what: 'ms from publish to visible row, against a confirmed round trip and a single-row commit',
    ours: quantile(ours, part),
    other: quantile(floor, part),
    target: atMost(most),
  };
}

async function byTurns(
  { signal }: Stage,
  sides: { readonly ours: () => Promise<number>; readonly floor: () => Promise<number> },
): Promise<Both> {
  const both = { ours: [] as number[], floor: [] as number[] };
  for (let time = -WARM_UP; time < TIMES; time++)
    for (const side of ['ours', 'floor'] as const) {
      const ms = await sides[side]();
      if (time >= 0) both[side].push(ms);
      await sleep(BETWEEN_MS, undefined, { signal });
    }
  return both;
}

/** Polls within the server: polling from here would take processor time from what is measured. */
const WAIT_FOR_REPORT = `
CREATE FUNCTION pg_temp.wait_for_report(of_engine text, of_event text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WHILE NOT EXISTS (SELECT FROM engine_backup_log WHERE fqdn = of_engine AND event_id = of_event) LOOP
    PERFORM pg_sleep(0.0001);
  END LOOP;
END $$`;

let number = 0;

async function untilVisible(channel: ConfirmChannel, client: pg.Client): Promise<number> {
  const { id, routingKey, body, options, data } = reportNumber(number++);
  const startedAtMs = performance.now();
  channel.publish(ENGINE_BACKUP_EXCHANGE, routingKey, body, options);
  // Before the broker confirms it, there is nothing to wait for.
  await channel.waitForConfirms();
  await client.query('SELECT pg_temp.wait_for_report($1, $2)', [data['fqdn'], id]);
  return performance.now() - startedAtMs;
}

/** One confirmed message there and back, then one row committed. */
async function floorOf(channel: ConfirmChannel, client: pg.Client): Promise<() => Promise<number>> {
  let onArrival: () => void = () => undefined;
  await channel.consume(FLOOR_QUEUE, (message) => {
    if (message) channel.ack(message);
    onArrival();
  });
  return async () => {
    const { id, body, options, data } = reportNumber(number++);
    const startedAtMs = performance.now();
    const arrived = new Promise<void>((resolve) => (onArrival = resolve));
    channel.publish('', FLOOR_QUEUE, body, options);
    await Promise.all([arrived, channel.waitForConfirms()]);
    await client.query(
      `INSERT INTO bench_floor (fqdn, event_id, scope, done_at, output_message, log_path, received_at, counted_at)
       VALUES ($1, $2, $3, $4, $5, $6, now(), now())`,
      [data['fqdn'], id, data['scope'], data['done_at'], data['output_message'], data['log_path']],
    );
    return performance.now() - startedAtMs;
  };
}
