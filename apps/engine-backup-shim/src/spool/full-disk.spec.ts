import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { createTestBroker, eventually, type TestBroker } from '@backup-awareness/testing';
import { arrivedReports, type ArrivedReport } from '../../test/helpers/arrived-reports.js';
import { brokerKeys, PROGRAM } from '../../test/helpers/engine-host.js';
import { quoted, useEngineHosts, type EngineHost } from '../../test/stand-in/engine-host.js';

/** Root can mount directly; other users need a user namespace. */
const UNSHARE = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m'];

let broker: TestBroker;
beforeAll(async () => {
  const { status, stderr } = spawnSync('unshare', [
    ...UNSHARE,
    'mount',
    '-t',
    'tmpfs',
    'none',
    '/mnt',
  ]);
  if (status !== 0)
    throw new Error(
      `these tests mount small file systems, which is not permitted here: ${String(stderr)}`,
    );
  broker = await createTestBroker();
});
afterAll(() => broker?.drop());
beforeEach(async () => void (await arrivedReports(broker)));

const engineHost = useEngineHosts();

const SHIM = `${quoted(process.execPath)} ${quoted(PROGRAM)}`;

/** A host with this `tar`. If it is cut off, nothing is delivered while the backup runs. */
function hostWith(tar: string, isCutOff = false): EngineHost {
  const keys = { ...brokerKeys(broker.amqpUrl), KEEP_ENGINE_NOTICE: 'no' };
  return engineHost({
    shell: 'bash',
    configuration: Object.entries(keys)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
    shim: `#!/bin/sh\n${isCutOff ? 'exit 3' : `exec ${SHIM} "$@"`}\n`,
    programs: { tar },
  });
}

/** Backs up with spool, log and archive on one small file system, in a mount namespace of its own; `after` runs in there. */
async function backUpOn(host: EngineHost, options: string, before: string, after: string) {
  const disk = quoted(`${host.root}/var`);
  const flush = `${SHIM} flush --root ${quoted(host.root)}`;
  const backup = `${quoted(`${host.root}/usr/bin/engine-backup`)} --mode=backup --scope=files --file=${disk}/archive --log=${disk}/log`;
  const script = `mount -t tmpfs -o ${options},mode=700 none ${disk} && mkdir -p ${quoted(host.paths.spool)} &&
    ${flush} >/dev/null 2>&1
    ${before}
    ${backup} >/dev/null 2>&1; echo "ended with $?"
    ${after.replaceAll('@FLUSH@', flush)}`;
  const env = { PATH: `${host.root}/programs:${process.env.PATH}`, DISK: `${host.root}/var` };
  const { stdout } = await promisify(execFile)('unshare', [...UNSHARE, 'sh', '-c', script], {
    env,
  });
  return stdout;
}

async function reports(count: number): Promise<string[]> {
  const all: ArrivedReport[] = [];
  await eventually(async () => {
    all.push(...(await arrivedReports(broker)));
    expect(all).toHaveLength(count);
  }, 50_000);
  return all.map(({ routingKey }) => routingKey).toSorted();
}

const FILLS = `#!/bin/sh\ncat /dev/zero >'@ROOT@/var/archive'\nexit 1\n`;
const TAKES_ALL_FILES = `#!/bin/sh\ni=0; while printf '' >'@ROOT@/var/'$i; do i=$((i + 1)); done 2>/dev/null\nexit 1\n`;
const BOTH = ['ENGINE_BACKUP_FAILED.files', 'ENGINE_BACKUP_STARTED.files'];

describe('the end of a backup is reported', () => {
  it.each([
    ['from a disk that it has filled', 'size=3m', '', FILLS],
    ['from a disk without a free inode', 'size=3m,nr_inodes=40', '', TAKES_ALL_FILES],
    [
      'from a disk that was already full, without a reserve',
      'size=3m',
      'rm -f "$DISK"/lib/*/reserve.*; cat /dev/zero >"$DISK/full"',
      FILLS,
    ],
    ['from a read-only disk', 'size=3m', 'mount -o remount,ro "$DISK"', FILLS],
  ])('%s', async (_, options, before, tar) => {
    const host = hostWith(tar);
    expect(await backUpOn(host, options, `{ ${before || ':'}; } 2>/dev/null`, '')).toBe(
      'ended with 1\n',
    );
    expect(await reports(2)).toEqual(BOTH);
  });

  it.each([
    ['filled the disk', 'size=3m', FILLS],
    ['used the last inode', 'size=3m,nr_inodes=40', TAKES_ALL_FILES],
  ])('later, if it %s while cut off from the broker', async (_, options, tar) => {
    const host = hostWith(tar, true);
    const after = `ls ${quoted(host.paths.spool)} | grep -c report; @FLUSH@`;
    expect(await backUpOn(host, options, ':', after)).toMatch(
      /^ended with 1\n2\ndelivered 2 reports, 0 pending\n$/,
    );
    expect(await reports(2)).toEqual(BOTH);
  });
});
