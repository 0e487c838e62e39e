import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { eventually } from '@backup-awareness/testing';
import {
  NOTING_SHIM,
  SHELLS,
  type EngineHost,
  type EngineHostOptions,
  type Shell,
  useEngineHosts,
} from '../stand-in/engine-host.js';

const KEEP_NO_NOTICE = 'KEEP_ENGINE_NOTICE=no\n';
/** The outcome of engine-backup without the drop-in. */
const AS_WITHOUT = { code: 0, signal: null, stdout: '- Files\nDone.\n', stderr: '' };

const engineHost = useEngineHosts(() => ({ configuration: KEEP_NO_NOTICE }));

async function backUp(host: EngineHost, stdout = AS_WITHOUT.stdout): Promise<string> {
  expect(await host.run(['--scope=files'])).toEqual({ ...AS_WITHOUT, stdout });
  expect(existsSync(host.archive)).toBe(true);
  return host.readLog();
}

/** Expects these records, in short, to be passed to `deliver` on its standard input. */
async function expectDelivered(host: EngineHost, expected: readonly string[]): Promise<void> {
  await eventually(() => expect(host.delivered().toSorted()).toEqual(expected));
  const calls = host.calls().filter((call) => call.startsWith('deliver'));
  for (const call of calls)
    expect(call).toMatch(/^deliver --name \d{8}T\d{6}\.\d{9}Z-\d+-\d{4} --root \//);
}

const moveAway = (path: string, to: string) => {
  renameSync(path, to);
  symlinkSync(to, path);
};

/** A PATH without Node, but with the other programs that engine-backup needs. */
function pathWithoutNode(host: EngineHost): string {
  const folder = join(host.root, 'bin');
  mkdirSync(folder);
  const needed = [
    'cat',
    'date',
    'env',
    'find',
    'grep',
    'gzip',
    'ls',
    'mkdir',
    'mktemp',
    'readlink',
    'sleep',
    'mv',
    'rm',
    'sed',
    'setsid',
    'sha256sum',
    'sort',
    'sync',
    'tar',
    'timeout',
  ];
  for (const name of needed) {
    const program = ['/usr/bin', '/bin']
      .map((one) => join(one, name))
      .find((path) => existsSync(path));
    symlinkSync(program!, join(folder, name));
  }
  return folder;
}

describe.each(Object.keys(SHELLS) as Shell[])(
  'a fault of the drop-in is logged and does not affect the backup, with %s',
  (shell) => {
    it.each<[string, (host: EngineHost) => void, string]>([
      [
        'the spool is a symbolic link',
        (host) => moveAway(host.paths.spool, join(host.root, 'elsewhere')),
        'symbolic link',
      ],
      [
        'the folder of the spool is a symbolic link',
        (host) => moveAway(dirname(host.paths.spool), join(host.root, 'elsewhere')),
        'symbolic link',
      ],
      [
        'the spool is a file',
        (host) => {
          rmSync(host.paths.spool, { recursive: true });
          writeFileSync(host.paths.spool, '');
        },
        'cannot create',
      ],
      [
        'the spool cannot be created on a read-only file system',
        (host) => {
          rmSync(join(host.root, 'var', 'lib'), { recursive: true });
          symlinkSync('/proc/self', join(host.root, 'var', 'lib'));
        },
        'cannot create',
      ],
    ])('when %s', async (_, spoil, line) => {
      const host = engineHost({ shell });
      spoil(host);
      expect(await backUp(host)).toContain(line);
      const elsewhere = join(host.root, 'elsewhere');
      const written = existsSync(elsewhere) ? readdirSync(elsewhere, { recursive: true }) : [];
      expect(written.filter((name) => String(name).includes('report'))).toEqual([]);
      await expectDelivered(host, ['0 files', '1 files']);
    });

    it('when the spool is missing: it is created, with access for its owner only', async () => {
      const host = engineHost({ shell });
      rmSync(dirname(host.paths.spool), { recursive: true });
      await backUp(host);
      expect(host.reported()).toEqual(['0 files', '1 files']);
      expect(lstatSync(host.paths.spool).mode & 0o777).toBe(0o700);
      expect(lstatSync(dirname(host.paths.spool)).mode & 0o777).toBe(0o700);
    });

    it('when no file can be written completely', async () => {
      // No file may grow in the subshell that writes the record; in the delivery, files may.
      const host = engineHost({
        shell,
        dropIns: { '90-full.sh': 'backup_awareness_open_spool() { ulimit -S -f 0; }\n' },
        shim: NOTING_SHIM.replace('\n', '\nulimit -S -f unlimited\n'),
      });
      await backUp(host);
      expect(readdirSync(host.paths.spool)).toEqual([]);
      await expectDelivered(host, ['0 files', '1 files']);
    });

    it.each([
      [
        'sync fails',
        'sync',
        '#!/bin/sh\necho no >&2\nexit 1\n',
        'cannot sync',
        ['0 files', '1 files'],
      ],
      ['mv fails', 'mv', '#!/bin/sh\necho no >&2\nexit 1\n', 'is sent directly to the broker', []],
      ['date fails', 'date', '#!/bin/sh\necho no >&2\nexit 1\n', 'cannot read the clock', []],
    ])('when %s', async (_, name, program, line, reported) => {
      const host = engineHost({ shell, programs: { [name]: program } });
      // engine-backup itself also needs date: stderr differs.
      const { code, stdout } = await host.run(['--scope=files']);
      expect({ code, stdout }).toEqual({ code: 0, stdout: AS_WITHOUT.stdout });
      expect(host.readLog()).toContain(line);
      expect(host.reported()).toEqual(reported);
    });

    it('when sync hangs', async () => {
      // Only once: each time delays the backup by the limit of five seconds.
      const hangs = '@ROOT@/sync-has-hung';
      const sync = `#!/bin/sh\n[ ! -e '${hangs}' ] || exit 0\n>'${hangs}'\nexec sleep 600\n`;
      const host = engineHost({ shell, programs: { sync } });
      expect(await backUp(host)).toContain('cannot sync');
      expect(host.reported()).toEqual(['0 files', '1 files']);
    });

    it.each<[string, EngineHostOptions]>([
      ['engine-backup-shim is missing', { shim: null }],
      [
        'the configured Node is missing',
        { configuration: `${KEEP_NO_NOTICE}NODE=/nowhere/node\n` },
      ],
    ])('when %s', async (_, options) => {
      const host = engineHost({ shell, ...options });
      expect(await backUp(host)).toContain('is missing: reports wait in the spool');
      expect(host.reported()).toEqual(['0 files', '1 files']);
      expect(host.calls()).toEqual([]);
    });

    it('when there is no Node on PATH', async () => {
      const host = engineHost({ shell });
      expect(await host.run(['--scope=files'], undefined, pathWithoutNode(host))).toEqual(
        AS_WITHOUT,
      );
      expect(host.readLog()).toContain('is missing: reports wait in the spool');
      expect(host.reported()).toEqual(['0 files', '1 files']);
    });

    it.each<[string, EngineHostOptions, string]>([
      ['there is no configuration', { configuration: undefined }, 'cannot read'],
      [
        "the engine's database is unreachable for a notice",
        { configuration: '' },
        "cannot notify the engine's database of status 0",
      ],
    ])('when %s', async (_, options, line) => {
      const host = engineHost({ shell, ...options });
      const notices = 'Notifying engine\n- Files\nNotifying engine\nDone.\n';
      expect(await backUp(host, notices)).toContain(line);
      expect(host.reported()).toEqual(['0 files', '1 files']);
    });

    it('when the log cannot be written', async () => {
      const host = engineHost({ shell });
      const { code } = await host.run(['--scope=files', '--log=/dev/full']);
      expect(code).toBe(0);
      expect(host.reported()).toEqual(['0 files', '1 files']);
    });

    it('when a delivery hangs', async () => {
      const hanging = `#!/bin/sh
held=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2)
echo "$held" >'@ROOT@/hanging.new'
cut -d ' ' -f 6 /proc/$$/stat >>'@ROOT@/hanging.new'
echo $$ >>'@ROOT@/hanging.new'
mv '@ROOT@/hanging.new' '@ROOT@/hanging'
exec sleep 600
`;
      const configuration = `${KEEP_NO_NOTICE}DELIVERY_TIMEOUT_S=20\n`;
      const host = engineHost({ shell, shim: hanging, configuration });
      let backup = 0;
      const outcome = await host.run(['--scope=files'], async (group) => void (backup = group));
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      expect(host.reported()).toEqual(['0 files', '1 files']);
      await eventually(() => {
        const [stdin, stdout, stderr, session, delivery] = readFileSync(
          join(host.root, 'hanging'),
          'utf8',
        ).split('\n');
        expect([stdin, stdout, stderr]).toEqual(Array(3).fill('/dev/null'));
        expect(Number(session)).not.toBe(backup);
        // The output of the backup has ended, and the delivery is still running.
        expect(existsSync(`/proc/${delivery}`)).toBe(true);
      });
    });
  },
);
