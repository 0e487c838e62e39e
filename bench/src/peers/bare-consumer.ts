import { connect } from 'amqplib';

/** The limit on the broker's side: takes, parses and acknowledges every 500, and does nothing else. Prints how long it took, in ms. */
const ACKNOWLEDGED_AT_ONCE = 500;
const { AMQP_URL = '', QUEUE = '', COUNT = '' } = process.env;
const count = Number(COUNT);

const connection = await connect(AMQP_URL, { noDelay: true });
const channel = await connection.createChannel();
await channel.prefetch(2_000);
let taken = 0;
let startedAtMs = 0;
await channel.consume(QUEUE, (message) => {
  if (!message) return;
  if (taken === 0) startedAtMs = performance.now();
  JSON.parse(message.content.toString());
  taken += 1;
  if (taken % ACKNOWLEDGED_AT_ONCE === 0 || taken === count) channel.ack(message, true);
  if (taken === count) process.stdout.write(`${performance.now() - startedAtMs}\n`);
});
process.on('SIGTERM', () => void connection.close().then(() => process.exit(0)));
