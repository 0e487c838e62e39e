/**
 * Follows the backup alerts of oVirt engines, and prints the active ones, a line of JSON, whenever they have changed.
 *
 *     AMQP_URL=amqp://subscriber.NAME:PASSWORD@HOST/VHOST node subscriber.ts
 *
 * It keeps nothing on disk: its queue holds what happens while it is away, and at each start it asks which alerts are active.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type ConsumeMessage } from 'amqplib';

interface Alert {
  readonly alert_id: string;
  readonly alert: string;
  readonly fqdn: string;
  readonly sequence: number;
}
interface CloudEvent {
  readonly type: string;
  readonly source: string;
  readonly id: string;
  readonly data: Alert;
}
interface AnswerPart {
  readonly alerts: readonly CloudEvent[];
  readonly sequence: Readonly<Record<string, number>>;
  readonly last: boolean;
}

const url = new URL(process.env['AMQP_URL'] ?? 'amqp://localhost');
url.searchParams.set('heartbeat', '10');
const queue = decodeURIComponent(url.username); // A subscriber's broker user and its queue have the same name.
const REQUESTS = 'ovirt.backup-alerts.requests';
const ASK_AGAIN_MS = 10_000;
const KNOWN_TYPE = /^org\.ovirt\.(BackupAlertRaised|BackupAlertCleared|DatabaseRestored)$/;

let active = new Map<string, Alert>(); // By alert_id.
let sequences = new Map<string, number>(); // The last one that is known of each engine.
const seen = new Set<string>(); // Source and id of the latest events.

for (;;) {
  try {
    await follow();
  } catch (error) {
    console.error(`${String(error)}; connecting again`);
  }
  await sleep(2_000);
}

/** Returns when the connection has ended. */
async function follow(): Promise<void> {
  const connection = await connect(url.href);
  connection.on('error', (error) => console.error(String(error)));
  const ended = once(connection, 'close');
  const channel = await connection.createChannel();
  channel.on('error', () => void connection.close().catch(() => undefined));
  await channel.prefetch(100);
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.bindQueue(queue, 'ovirt.backup-alerts', '#'); // First this, then ask: nothing is missed in between.
  const held: ConsumeMessage[] = []; // Events that wait for an answer.
  let parts: AnswerPart[] | undefined;
  let question = '';

  const ask = () => {
    question = randomUUID();
    parts = [];
    const properties = { replyTo: 'amq.rabbitmq.reply-to', correlationId: question };
    channel.publish(REQUESTS, 'ACTIVE_ALERTS_REQUESTED', Buffer.alloc(0), properties);
  };
  const answered = (message: ConsumeMessage) => {
    if (message.properties.correlationId !== question || parts === undefined) return; // Of an earlier question.
    parts.push(JSON.parse(message.content.toString()) as AnswerPart);
    if (!parts.at(-1)!.last) return;
    const events = parts.flatMap(({ alerts }) => alerts);
    active = new Map(events.map(({ data }) => [data.alert_id, data]));
    sequences = new Map(parts.flatMap(({ sequence }) => Object.entries(sequence)));
    parts = undefined;
    print();
    for (const event of held.splice(0)) take(event, true);
  };
  const take = (message: ConsumeMessage, hasJustAsked = false) => {
    if (parts) return void held.push(message);
    const { type, source, id, data } = JSON.parse(message.content.toString()) as CloudEvent;
    if (!KNOWN_TYPE.test(type)) return channel.ack(message); // Of a later version.
    const key = `${source} ${id}`;
    const known = sequences.get(data.fqdn) ?? 0;
    const isNew = !seen.has(key) && data.sequence > known;
    const isRestored = type === 'org.ovirt.DatabaseRestored'; // What came before may no longer be true.
    if (isNew && data.sequence > known + 1 && !isRestored && !hasJustAsked) {
      console.error(`gap: ${data.fqdn} is at ${data.sequence}, known was ${known}`);
      held.push(message);
      return ask();
    }
    if (isNew) {
      if (isRestored) ask();
      else if (type === 'org.ovirt.BackupAlertRaised') active.set(data.alert_id, data);
      else active.delete(data.alert_id);
      sequences.set(data.fqdn, data.sequence);
      seen.add(key);
      if (seen.size > 10_000) seen.delete(seen.values().next().value!);
      print();
    }
    channel.ack(message); // Only now: whatever is not acknowledged comes again.
  };

  // Without a message the broker has ended the consumer.
  const consume = (from: string, handle: (it: ConsumeMessage) => void, noAck = false) =>
    channel.consume(from, (it) => (it ? handle(it) : void connection.close()), { noAck });
  await consume('amq.rabbitmq.reply-to', answered, true);
  ask();
  await consume(queue, take);
  const timer = setInterval(() => parts && ask(), ASK_AGAIN_MS);
  await ended.finally(() => clearInterval(timer));
}

function print(): void {
  console.log(JSON.stringify([...active.values()], ['fqdn', 'alert', 'alert_id']));
}
