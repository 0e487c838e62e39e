import { INCARNATION_STREAM } from '@backup-awareness/contracts';
import { startPrivateInstallation, type PrivateInstallation } from '@backup-awareness/testing';
import { applyTopology } from './topology.js';

const STREAM = `rabbit_misc:r(<<"/">>, queue, <<"${INCARNATION_STREAM}">>)`;

let installation: PrivateInstallation;
beforeAll(async () => {
  installation = await startPrivateInstallation(async () => []);
}, 240_000);
afterAll(() => installation?.stop(), 60_000);

const evaluate = (erlang: string) => installation.rabbitmq('rabbitmqctl', 'eval', erlang);

it('given a stream that has no leader yet, as just after the start of its broker: the topology is declared when it has one', async () => {
  // What the broker has not done yet at that moment: it knows the queue, but not where it is.
  await evaluate(`mnesia:dirty_delete(rabbit_queue, ${STREAM}).`);
  const applied = applyTopology(installation.endpoints.amqpUrl).then(() => 'declared', String);
  await evaluate(
    `[Queue] = mnesia:dirty_read(rabbit_durable_queue, ${STREAM}), rabbit_amqqueue:ensure_rabbit_queue_record_is_initialized(Queue).`,
  );
  expect(await applied).toBe('declared');
}, 120_000);
