import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
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
/** What engine-backup says and how it ends with nothing of ours on the host. */
const AS_WITHOUT = { code: 0, signal: null, stdout: '- Files\nDone.\n', stderr: '' };

const engineHost = useEngineHosts(() => ({ configuration: KEEP_NO_NOTICE }));

async function backUp(host: EngineHost, stdout = AS_WITHOUT.stdout): Promise<string> {
  expect(await host.run(['--scope=files'])).toEqual({ ...AS_WITHOUT, stdout });
  expect(existsSync(host.archive)).toBe(true);
  return host.readLog();
}

/** What has gone straight to the broker, in short; it takes the record from its standard input. */
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

/** PATH without Node: what else engine-backup needs lies in the system's folders. */
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
  'a fault of ours costs a line in the log, and the backup nothing, with %s',
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
        'cannot be made',
      ],
      [
        'the spool cannot be made, in what is read-only',
        (host) => {
          rmSync(join(host.root, 'var', 'lib'), { recursive: true });
          symlinkSync('/proc/self', join(host.root, 'var', 'lib'));
        },
        'cannot be made',
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

    it('when the spool is missing: it is made, for its owner alone', async () => {
      const host = engineHost({ shell });
      rmSync(dirname(host.paths.spool), { recursive: true });
      await backUp(host);
      expect(host.reported()).toEqual(['0 files', '1 files']);
      expect(lstatSync(host.paths.spool).mode & 0o777).toBe(0o700);
      expect(lstatSync(dirname(host.paths.spool)).mode & 0o777).toBe(0o700);
    });

    it('when no file can be written to its end', async () => {
      // In the subshell that writes the record, no file may grow any more; in what delivers it, files may.
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
      ['mv fails', 'mv', '#!/bin/sh\necho no >&2\nexit 1\n', 'goes straight to the broker', []],
      ['date fails', 'date', '#!/bin/sh\necho no >&2\nexit 1\n', 'the time cannot be told', []],
    ])('when %s', async (_, name, program, line, reported) => {
      const host = engineHost({ shell, programs: { [name]: program } });
      // engine-backup itself needs date; without it, it complains alike.
      const { code, stdout } = await host.run(['--scope=files']);
      expect({ code, stdout }).toEqual({ code: 0, stdout: AS_WITHOUT.stdout });
      expect(host.readLog()).toContain(line);
      expect(host.reported()).toEqual(reported);
    });

    it('when sync hangs', async () => {
      // Once: each time costs the backup the five seconds that it is given.
      const hangs = '@ROOT@/sync-has-hung';
      const sync = `#!/bin/sh\n[ ! -e '${hangs}' ] || exit 0\n>'${hangs}'\nexec sleep 600\n`;
      const host = engineHost({ shell, programs: { sync } });
      expect(await backUp(host)).toContain('cannot sync');
      expect(host.reported()).toEqual(['0 files', '1 files']);
    });

    it.each<[string, EngineHostOptions]>([
      ['engine-backup-shim is missing', { shim: null }],
      [
        'the Node of the configuration is missing',
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
        'the database that is to be told is not there',
        { configuration: '' },
        "the notice of status 0 to the engine's database failed",
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
  },
);
