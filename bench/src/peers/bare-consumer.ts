import { connect } from 'amqplib';

/** The broker's limit: consumes, parses, acknowledges every 500 messages, and does nothing else. Prints how long it took, in ms. */
const ACKNOWLEDGED_AT_ONCE = 500;
const { AMQP_URL = '', QUEUE = '', COUNT = '' } = process.env;
const count = Number(COUNT);

const connection = await connect(AMQP_URL, { noDelay: true });
const channel = await connection.createChannel();
await channel.prefetch(2_000);
let consumed = 0;
let startedAtMs = 0;
await channel.consume(QUEUE, (message) => {
  if (!message) return;
  if (consumed === 0) startedAtMs = performance.now();
  JSON.parse(message.content.toString());
  consumed += 1;
  if (consumed % ACKNOWLEDGED_AT_ONCE === 0 || consumed === count) channel.ack(message, true);
  if (consumed === count) process.stdout.write(`${performance.now() - startedAtMs}\n`);
});
process.on('SIGTERM', () => void connection.close().then(() => process.exit(0)));
