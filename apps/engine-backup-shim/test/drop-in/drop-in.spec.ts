import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@backup-awareness/testing';
import {
  SHELLS,
  type EngineHost,
  type EngineHostOptions,
  type Outcome,
  type Shell,
  useEngineHosts,
} from '../stand-in/engine-host.js';

const engineHost = useEngineHosts(() => ({ configuration: 'KEEP_ENGINE_NOTICE=no\n' }));

type OnStart = (host: EngineHost, group: number) => Promise<void>;

/** Runs engine-backup with the drop-in, and asserts that it ends and says just as it does without. */
async function runBoth(
  options: EngineHostOptions,
  args: string[],
  onStart?: OnStart,
): Promise<EngineHost> {
  const run = async (host: EngineHost): Promise<Outcome> => {
    const outcome = await host.run(args, onStart && ((group) => onStart(host, group)));
    // A shell that lives to see it tells that its child was ended by a signal.
    const told = outcome.signal ? '' : outcome.stderr.replaceAll(host.root, '');
    return { ...outcome, stderr: told };
  };
  const host = engineHost(options);
  // Without a user there are no notices to oVirt's database, which is not there.
  const without = engineHost({
    ...options,
    dropIn: false,
    dropIns: {},
    engine: { ...options.engine, ENGINE_DB_USER: '' },
  });
  expect(await run(host)).toEqual(await run(without));
  expect(existsSync(host.archive)).toBe(existsSync(without.archive));
  return host;
}

/** A tar that tells when it has begun, and waits for the signal that ends it. */
const waitingTar = `#!/bin/sh\nprintf '' >"\${0%/*}/waiting"\nexec sleep 600\n`;
/** It has refused an answer, and names what is left out in its place. */
const refusing = `#!/bin/sh
case $1 in pg-dump-args)
  echo --exclude-table-data=public.job
  echo "engine-backup-shim: tables to leave out: answer: refused: \\$(id) '%s" >&2
esac
`;
const failing = (name: string) => `#!/bin/sh\necho '${name} failed' >&2\nexit 1\n`;

const kill =
  (signal: NodeJS.Signals): OnStart =>
  async (host, group) => {
    await eventually(() => expect(existsSync(join(host.root, 'programs', 'waiting'))).toBe(true));
    process.kill(-group, signal);
  };

describe.each(Object.keys(SHELLS) as Shell[])('the drop-in, run by %s', (shell) => {
  it('records the start and the end of a backup, and has each delivered', async () => {
    const host = await runBoth({ shell }, ['--scope=files']);
    const [started, finished] = host.records();
    const same = {
      format: 'backup-awareness-report/1',
      scopes: ['files'],
      fqdn: Buffer.from('engine.example.com'),
      logPath: Buffer.from(host.log),
      runId: started?.runId,
    };
    expect(started).toMatchObject({ ...same, status: 0, message: Buffer.from('Backup Started') });
    expect(finished).toMatchObject({ ...same, status: 1, message: Buffer.from('Backup Finished') });
    expect(started!.runId).toMatch(/^[0-9a-f]{8}-/);
    for (const { name, doneAt } of [started!, finished!]) {
      expect(doneAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
      expect(name).toMatch(/^\d{8}T\d{6}\.\d{9}Z-\d+-\d{4}\.report$/);
      expect(name.split('-')[0]).toBe(doneAt.replaceAll(/[-:]/g, ''));
    }
    await eventually(() => {
      expect(host.calls()).toEqual(Array(2).fill(`flush --quiet --root ${host.root}`));
    });
  });

  it.each<[string, string[], EngineHostOptions, OnStart | undefined, string[]]>([
    ['bad arguments', ['--scope=files', '--file='], {}, undefined, ['-1 files']],
    ['bad arguments before any scope', ['--scope=what'], {}, undefined, []],
    [
      'files that cannot be packed',
      ['--scope=files'],
      { programs: { tar: failing('tar') } },
      undefined,
      ['0 files', '-1 files'],
    ],
    [
      'a failure that is told twice, from a subshell too',
      ['--scope=files'],
      { programs: { sha256sum: failing('sha256sum') } },
      undefined,
      ['0 files', '-1 files'],
    ],
    [
      'SIGTERM',
      ['--scope=files'],
      { programs: { tar: waitingTar } },
      kill('SIGTERM'),
      ['0 files', '-1 files'],
    ],
    [
      'SIGINT',
      ['--scope=files'],
      { programs: { tar: waitingTar } },
      kill('SIGINT'),
      ['0 files', '-1 files'],
    ],
    [
      'SIGHUP',
      ['--scope=files'],
      { programs: { tar: waitingTar } },
      kill('SIGHUP'),
      ['0 files', '-1 files'],
    ],
    ['SIGKILL', ['--scope=files'], { programs: { tar: waitingTar } }, kill('SIGKILL'), ['0 files']],
    [
      'no user of the database',
      ['--scope=files'],
      { engine: { ENGINE_DB_USER: '' } },
      undefined,
      [],
    ],
    [
      'a database that was never dumped',
      ['--scope=all'],
      { engine: { ENGINE_SERVICE: 'disabled' } },
      undefined,
      [
        '0 files db dwhdb cinderlib managedblock keycloak grafanadb',
        '-1 db',
        '1 files dwhdb cinderlib managedblock keycloak grafanadb',
      ],
    ],
    [
      'only a database that was never dumped',
      ['--scope=db'],
      { engine: { ENGINE_SERVICE: 'disabled' } },
      undefined,
      ['0 db', '-1 db'],
    ],
  ])(
    'given %s, changes nothing and records what is true',
    async (_, args, options, onStart, reported) => {
      const host = await runBoth({ shell, ...options }, args, onStart);
      expect(host.reported()).toEqual(reported);
      expect(new Set(host.records().map(({ runId }) => runId)).size).toBe(
        Math.min(reported.length, 1),
      );
    },
  );

  it('leaves a finished backup as completed, whatever fails afterwards', async () => {
    const late = `output() { log "$1"; [ "$1" != Done. ] || exit 1; }\n`;
    const host = engineHost({ shell, dropIns: { '90-late.sh': late } });
    expect(await host.run(['--scope=files'])).toMatchObject({ code: 1 });
    expect(host.reported()).toEqual(['0 files', '1 files']);
  });

  it('does not take for finished what has failed in a subshell unheard', async () => {
    const unheard = `hash_files() { (logdie 'cannot hash'); return 0; }\n`;
    const host = engineHost({ shell, dropIns: { '90-unheard.sh': unheard } });
    expect(await host.run(['--scope=files'])).toMatchObject({ code: 0 });
    expect(host.reported()).toEqual(['0 files', '-1 files']);
  });

  it.each<[string, EngineHostOptions, string]>([
    [
      'engine-backup-shim',
      { shim: refusing },
      "engine-backup-shim: tables to leave out: answer: refused: $(id) '%s",
    ],
    [
      'the drop-in',
      { shim: '#!/bin/sh\necho --exclude-table-data=public.vm_static\n' },
      'refused: engine-backup-shim named what may not be excluded on this host',
    ],
  ])('reports with the end of a run what %s has refused to leave out', async (_, options, line) => {
    const host = engineHost({ shell, programs: { pg_dump: '#!/bin/sh\n' }, ...options });
    expect(await host.run(['--scope=db'])).toMatchObject({ code: 0, stderr: '' });
    expect(host.reported()).toEqual(['0 db', '1 db']);
    const [started, completed] = host.records().map(({ message }) => message.toString());
    expect(started).toBe('Backup Started');
    expect(completed).toBe(`Backup Finished\n${line}`);
    expect(host.readLog()).toContain(`backup-awareness: ${line}`);
  });

  it('tells that a signal has ended a run', async () => {
    const host = engineHost({ shell, programs: { tar: waitingTar } });
    await host.run(['--scope=files'], (group) => kill('SIGTERM')(host, group));
    const message = {
      bash: 'engine-backup was ended before it had finished.',
      dash: 'engine-backup was ended by SIGTERM.',
    };
    expect(host.records()[1]!.message.toString()).toBe(message[shell]);
  });

  it('reports nothing where no engine is known, and says so', async () => {
    for (const ENGINE_FQDN of ['', 'localhost.localdomain']) {
      const host = await runBoth({ shell, engine: { ENGINE_FQDN } }, ['--scope=files']);
      expect(host.reported()).toEqual([]);
      expect(host.calls()).toEqual([]);
      expect(host.readLog()).toContain('no engine is known');
    }
  });

  it('reports of a Data Warehouse host of its own what it dumps, and nothing else', async () => {
    const dump = '#!/bin/sh\necho dump\n';
    const options = {
      shell,
      configuration: 'KEEP_ENGINE_NOTICE=no\nFQDN=engine.example.com\n',
      programs: { pg_dump: dump, sqlite3: dump },
      engine: { ENGINE_FQDN: '', ENGINE_SERVICE: 'disabled' },
    };
    const dwh =
      'DWH_DB_USER=dwh\nDWH_DB_HOST=localhost\nDWH_DB_PORT=5432\nDWH_DB_DATABASE=history\n';
    const files = { 'etc/ovirt-engine-dwh/ovirt-engine-dwhd.conf': dwh };
    const host = await runBoth({ ...options, files }, ['--scope=all']);
    expect(host.reported()).toEqual(['0 dwhdb', '1 dwhdb']);
    expect(host.records()[1]!.fqdn.toString()).toBe('engine.example.com');

    const grafana = { ...options.engine, GRAFANA_DB_FILENAME: '/grafana.db' };
    const withGrafana = await runBoth({ ...options, files, engine: grafana }, ['--scope=all']);
    expect(withGrafana.reported()).toEqual(['0 dwhdb', '1 dwhdb', '1 grafanadb']);

    const programs = { pg_dump: failing('pg_dump') };
    const failed = await runBoth({ ...options, files, programs }, ['--scope=all']);
    expect(failed.reported()).toEqual(['0 dwhdb', '-1 dwhdb']);
  });

  it('writes lines into the log as those of engine-backup are', async () => {
    const host = engineHost({ shell });
    await host.run(['--scope=files']);
    const lines = host.readLog().split('\n').slice(0, -1);
    expect(lines.filter((line) => line.includes('backup-awareness: '))).not.toEqual([]);
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \d+: \S/);
    expect(new Set(lines.map((line) => line.split(' ')[2])).size).toBe(1);
  });

  it('takes the last answer where engine-backup-shim hangs, and a new one with the next backup', async () => {
    const shim = `#!/bin/sh
case $1 in pg-dump-args)
  [ ! -e '@ROOT@/hangs' ] || exec sleep 600
  cat '@ROOT@/answer' ;;
esac
`;
    const noting = `#!/bin/sh\nfor one; do last=$one; done\nprintf %s "$last" >'@ROOT@/last'\n`;
    const waits =
      '[ -e "$backup_awareness_root/hangs" ] && sleep() { echo "$1" >>"$backup_awareness_root/waited"; }\n[ -e "$backup_awareness_root/hangs" ] || sleep() { command sleep 1; }\n';
    const answer = '--exclude-table-data=public.job\n';
    const options = { shell, shim, programs: { pg_dump: noting }, files: { answer } };
    const host = engineHost({ ...options, dropIns: { '90-waits.sh': waits } });
    await host.run(['--scope=db']);
    expect(host.readFile('last')).toBe('--exclude-table-data=public.job');
    writeFileSync(join(host.root, 'hangs'), '');
    writeFileSync(join(host.root, 'last'), '');
    await host.run(['--scope=db']);
    expect(host.readFile('last')).toBe('--exclude-table-data=public.job');
    // What a dump waits for an answer: 0.15 s in all.
    expect(host.readFile('waited')).toBe('0.05\n0.05\n0.05\n');
    expect(host.readLog()).toContain('has not answered in time');
  });

  it('works with whatever options the script has set, and when it is sourced twice', async () => {
    const strict = `
set -euCf
IFS='f/'
MODE=backup SCOPE_FILES=1 f=mine
. '@ROOT@/etc/ovirt-engine-backup/engine-backup-config.d/50-backup-awareness.sh'
notify_engine '' '' '' '' 0 started
notify_engine '' '' '' '' 1 finished
[ "$f" = mine ] && exit 7
`;
    const host = engineHost({ shell, dropIns: { '90-strict.sh': strict } });
    expect(await host.run()).toEqual({ code: 7, signal: null, stdout: '', stderr: '' });
    expect(host.reported()).toEqual(['0 files', '1 files']);
  });

  it('keeps a delivery that hangs away from the backup', async () => {
    const hanging = `#!/bin/sh
held=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2)
echo "$held" >'@ROOT@/hanging.new'
cut -d ' ' -f 6 /proc/$$/stat >>'@ROOT@/hanging.new'
echo $$ >>'@ROOT@/hanging.new'
mv '@ROOT@/hanging.new' '@ROOT@/hanging'
exec sleep 600
`;
    const configuration = 'KEEP_ENGINE_NOTICE=no\nDELIVERY_TIMEOUT_S=20\n';
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
      // Whoever reads the output of the backup has come to its end, and this one is still there.
      expect(existsSync(`/proc/${delivery}`)).toBe(true);
    });
  });
});

describe('a signal to engine-backup alone, as bash runs it', () => {
  const waitingDump = `#!/bin/sh
echo $$ >"\${0%/*}/waiting.new"
mv "\${0%/*}/waiting.new" "\${0%/*}/waiting"
exec 9<>'@ROOT@/lock'
read -r released <&9
`;
  const options: EngineHostOptions = { shell: 'bash', programs: { pg_dump: waitingDump } };
  const waiting = (host: EngineHost) => join(host.root, 'programs', 'waiting');
  /** Sends it while the dump waits. */
  const send =
    (signal: NodeJS.Signals, then: (host: EngineHost) => void = () => undefined): OnStart =>
    async (host, group) => {
      execFileSync('mkfifo', [join(host.root, 'lock')]);
      await eventually(() => expect(existsSync(waiting(host))).toBe(true));
      process.kill(group, signal);
      then(host);
    };

  it.each([
    ['SIGTERM', []],
    ['SIGHUP', []],
    ['SIGTERM', ['--db-compressor=gzip']],
  ] as const)('%s %j ends it and its dump at once, and is reported', async (signal, args) => {
    const host = engineHost(options);
    // The lock is never released: what would wait for the dump would wait for ever.
    const outcome = await host.run(['--scope=db', ...args], (group) => send(signal)(host, group));
    expect(outcome.signal).toBe(signal);
    expect(host.reported()).toEqual(['0 db', '-1 db']);
    const dump = readFileSync(waiting(host), 'utf8').trim();
    await eventually(() => expect(existsSync(`/proc/${dump}`)).toBe(false));
  });

  it('SIGINT changes nothing that it does not change without the drop-in', async () => {
    const waitingOnce = `#!/bin/sh
if ! [ -e "\${0%/*}/waiting" ]; then
  printf '' >"\${0%/*}/waiting"
  read -r released <'@ROOT@/lock'
fi
exec /bin/tar "$@"
`;
    const release = (host: EngineHost) => writeFileSync(join(host.root, 'lock'), 'released\n');
    const programs = { tar: waitingOnce };
    const host = await runBoth(
      { shell: 'bash', programs },
      ['--scope=files'],
      send('SIGINT', release),
    );
    expect(host.reported()).toEqual(['0 files', '1 files']);
  });
});
