import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { findRabbitmq } from '../rabbitmq/find-rabbitmq.js';
import { startRabbitmq, type Rabbitmq } from '../rabbitmq/rabbitmq.js';
import { openRunDirectory, type RunDirectory } from './run-directory.js';
import { stopRecorded } from '../processes/stop-process.js';

const QUEUE = 'kept';
/** Its first name, and the name after a move. */
const KINDS = [
  [
    'quotes, blanks, signs and letters in its name',
    `it's "a" $(touch ran) \`touch ran\` $HOME %20 # ; & * ? < > | \\ = [a]`,
    ' Sicherung für Łódź 備份 💾 ',
  ],
  ['the longest possible name', 'a'.repeat(255), 'b'.repeat(255)],
] as const;

let base: string;
const opened: RunDirectory[] = [];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'odd-run-directories-'));
});
afterEach(async () => {
  for (const runDirectory of opened.splice(0)) {
    await stopRecorded(runDirectory.processes);
    runDirectory.close();
  }
  rmSync(base, { recursive: true });
}, 60_000);

it.each(KINDS)(
  'a run directory with %s has a complete broker, also after a move',
  async (_, firstName, secondName) => {
    const first = await open(join(base, firstName));
    const rabbitmq = await startRabbitmq(first);
    expect(await freeDiskOf(rabbitmq)).toBeGreaterThan(0);
    await publish(rabbitmq.amqpUrl);
    await rabbitmq.stop();
    await rabbitmq.start();
    expect(await waiting(rabbitmq.amqpUrl)).toBe(1);
    await stopRecorded(first.processes);
    first.close();
    execFileSync('mv', ['--', join(base, firstName), join(base, secondName)]);

    const second = await open(join(base, secondName));
    const moved = await startRabbitmq(second);
    expect(await freeDiskOf(moved)).toBeGreaterThan(0);
    expect(await waiting(moved.amqpUrl)).toBe(1);
    expect(existsSync(join(base, firstName))).toBe(false);
    expect(existsSync(join(second.path, 'rabbitmq', 'ran'))).toBe(false);
    await stopRecorded(second.processes);
  },
  300_000,
);

async function open(path: string): Promise<RunDirectory> {
  const runDirectory = await openRunDirectory(path, { temporary: true });
  opened.push(runDirectory);
  return runDirectory;
}

async function publish(amqpUrl: string): Promise<void> {
  const connection = await connect(amqpUrl);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue(QUEUE, { arguments: { 'x-queue-type': 'quorum' } });
  channel.sendToQueue(QUEUE, Buffer.from('kept'), { persistent: true });
  await channel.waitForConfirms();
  await connection.close();
}

async function waiting(amqpUrl: string): Promise<number> {
  const connection = await connect(amqpUrl);
  const channel = await connection.createChannel();
  const { messageCount } = await channel.checkQueue(QUEUE);
  await connection.close();
  return messageCount;
}

/** The free disk space that the broker sees, in bytes; NaN where it sees none. */
async function freeDiskOf({ pid }: Rabbitmq): Promise<number> {
  const program = join(dirname(findRabbitmq()!.server), 'rabbitmqctl');
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  const env = Object.fromEntries(variables.map((text) => text.split(/=(.*)/s).slice(0, 2)));
  const { stdout } = await promisify(execFile)(
    program,
    ['eval', 'rabbit_disk_monitor:get_disk_free().'],
    { env },
  );
  return Number(stdout);
}
