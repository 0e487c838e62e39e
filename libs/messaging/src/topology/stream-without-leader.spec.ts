import { INCARNATION_STREAM } from '@backup-awareness/contracts';
import { startPrivateInstallation, type PrivateInstallation } from '@backup-awareness/testing';
import { applyTopology } from './topology.js';

const STREAM = `rabbit_misc:r(<<"/">>, queue, <<"${INCARNATION_STREAM}">>)`;

let installation: PrivateInstallation;
beforeAll(async () => {
  installation = await startPrivateInstallation(async () => []);
  await requireMnesia();
}, 240_000);
afterAll(() => installation?.stop(), 60_000);

async function evaluate(erlang: string): Promise<string> {
  const { stdout } = (await installation.rabbitmq('rabbitmqctl', 'eval', erlang)) as {
    stdout: string;
  };
  return stdout.trim();
}

/**
 * Only Mnesia has a table of the queues that the broker has taken up beside that of all queues. Khepri has one for both: for a broker with
 * Khepri another way to the moment without a leader has to be found.
 */
async function requireMnesia(): Promise<void> {
  const found = await evaluate(`catch length(mnesia:dirty_read(rabbit_durable_queue, ${STREAM})).`);
  if (found !== '1')
    throw new Error(`this spec needs a broker that keeps its queues in Mnesia, got ${found}`);
}

it('given a stream that has no leader yet, as just after the start of its broker: the topology is declared when it has one, and the wait is said once', async () => {
  // What the broker has not done yet at that moment: it knows the queue, but not where it is.
  await evaluate(`mnesia:dirty_delete(rabbit_queue, ${STREAM}).`);
  const said: string[] = [];
  let waits: () => void;
  const waiting = new Promise<void>((resolve) => (waits = resolve));
  const applied = applyTopology(installation.endpoints.amqpUrl, undefined, (line) => {
    said.push(line);
    waits();
  }).then(() => 'declared', String);
  await Promise.race([waiting, applied]);
  await evaluate(
    `[Queue] = mnesia:dirty_read(rabbit_durable_queue, ${STREAM}), rabbit_amqqueue:ensure_rabbit_queue_record_is_initialized(Queue).`,
  );
  expect(await applied).toBe('declared');
  expect(said).toEqual([expect.stringMatching(/^Waiting up to 30 s for the broker: .*home node/s)]);
}, 120_000);
