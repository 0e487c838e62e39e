import {
  disposeRunDirectory,
  findRabbitmq,
  openTemporaryRunDirectory,
  startRabbitmq,
  type Rabbitmq,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { applyTopology } from '@backup-awareness/messaging';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { runCommand } from '../spec/run-command.js';

// On a broker of its own: an alarm blocks all publishers, those of other tests too.
let runDirectory: RunDirectory;
let rabbitmq: Rabbitmq;
beforeAll(async () => {
  runDirectory = await openTemporaryRunDirectory();
  rabbitmq = await startRabbitmq(runDirectory);
  await applyTopology(rabbitmq.amqpUrl);
}, 120_000);
afterAll(() => disposeRunDirectory(runDirectory), 60_000);

async function setMemoryWatermark(...watermark: string[]): Promise<void> {
  const program = join(dirname(findRabbitmq()!.server), 'rabbitmqctl');
  const variables = readFileSync(`/proc/${rabbitmq.pid}/environ`, 'utf8').split('\0');
  const env = Object.fromEntries(
    variables.filter(Boolean).map((text) => text.split(/=(.*)/s).slice(0, 2)),
  );
  await promisify(execFile)(program, ['set_vm_memory_high_watermark', ...watermark], { env });
}

async function alarms(): Promise<unknown> {
  const { stdout } = await runCommand(['doctor', '--json'], {
    AMQP_URL: rabbitmq.amqpUrl,
    AMQP_MANAGEMENT_URL: rabbitmq.managementUrl,
  });
  const { checks } = JSON.parse(stdout) as { checks: { name: string }[] };
  return checks.find(({ name }) => name === 'broker-alarms');
}

test('given an alarm of the broker, the doctor tells it until it is over', async () => {
  await setMemoryWatermark('absolute', '1MB');
  expect(await alarms()).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('the broker blocks all publishers: memory alarm of '),
    remedy: expect.stringContaining('give the broker more memory'),
  });
  await setMemoryWatermark('0.4');
  expect(await alarms()).toMatchObject({ state: 'ok', remedy: null });
});
