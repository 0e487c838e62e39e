import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALERTS_EXCHANGE } from '@backup-awareness/contracts';
import { addEngine } from '@backup-awareness/database';
import { connect, type ConfirmChannel } from 'amqplib';
import { atMost, type Figure, type FigureGroup } from '../figure.js';
import { deleteQueue, emptyQueue } from '../queues.js';
import { publishCompleted } from '../reports.js';
import { clearTables, type Stage } from '../stage.js';
import { quantile } from '../statistics.js';

const TIMES = 200;
const SUBSCRIBER = 'subscriber.bench';
/** Between two nothing is in work; of another length each time, so that no timer keeps step with it. */
const IDLE_MS = { least: 300, spread: 700 };

/** Idle: from the confirm of the report that completes a full backup until a subscriber has `BackupAlertCleared`. */
export const clear: FigureGroup = {
  name: 'clear',
  async measure(stage) {
    const { amqpUrl, database, signal } = stage;
    const services = Object.values(stage.services);
    await clearTables(stage);
    await database.query('TRUNCATE alert, engine_alert_state, outbox');
    await emptyQueue(amqpUrl, SUBSCRIBER, ALERTS_EXCHANGE);
    await Promise.all(services.map((service) => service.start(signal)));
    const broker = await connect(amqpUrl, { noDelay: true });
    try {
      const channel = await broker.createConfirmChannel();
      const alerts = await subscribe(channel);
      const latencies = await stage.progress.step(
        `clear, ${TIMES} times`,
        () => clearMany(stage, channel, alerts),
        'measured',
      );
      return [figure('p50', 0.5, 60, latencies), figure('p99', 0.99, 250, latencies)];
    } finally {
      await broker.close();
      await Promise.all(services.map((service) => service.stop()));
      await deleteQueue(amqpUrl, SUBSCRIBER);
    }
  },
};

function figure(name: string, part: number, most: number, latencies: readonly number[]): Figure {
  return {
    name: `clear_latency_${name}_ms`,
    what: 'ms from the confirm of the report that completes a full backup to BackupAlertCleared at a subscriber',
    ours: quantile(latencies, part),
    other: null,
    target: atMost(most),
  };
}

/** Emits each alert event that comes, named by its type and engine. */
async function subscribe(channel: ConfirmChannel): Promise<EventEmitter> {
  const alerts = new EventEmitter();
  await channel.consume(SUBSCRIBER, (message) => {
    if (!message) return;
    channel.ack(message);
    const { data } = JSON.parse(message.content.toString()) as { data: { fqdn: string } };
    alerts.emit(`${message.properties.type} ${data.fqdn}`);
  });
  return alerts;
}

async function clearMany(
  { owner, signal }: Stage,
  channel: ConfirmChannel,
  alerts: EventEmitter,
): Promise<number[]> {
  const latencies: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const fqdn = `clear-${i}.example.com`;
    const raised = once(alerts, `BackupAlertRaised ${fqdn}`, { signal });
    await addEngine(owner, { fqdn, who: 'bench' });
    await raised;
    await publishCompleted(channel, 'db', fqdn);
    await sleep(IDLE_MS.least + Math.random() * IDLE_MS.spread, undefined, { signal });
    const cleared = once(alerts, `BackupAlertCleared ${fqdn}`, { signal });
    await publishCompleted(channel, 'files', fqdn);
    const confirmedAtMs = performance.now();
    await cleared;
    latencies.push(performance.now() - confirmedAtMs);
  }
  return latencies;
}
