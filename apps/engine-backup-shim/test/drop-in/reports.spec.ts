import { eventually } from '@backup-awareness/testing';
import {
  SHELLS,
  type EngineHostOptions,
  type Shell,
  useEngineHosts,
} from '../stand-in/engine-host.js';
import { failing, killGroup, runBoth, waitingTar, type OnStart } from './run-both.js';

const engineHost = useEngineHosts(() => ({ configuration: 'KEEP_ENGINE_NOTICE=no\n' }));

describe.each(Object.keys(SHELLS) as Shell[])('the drop-in, run by %s', (shell) => {
  it('records the start and the end of a backup, and starts a delivery for each', async () => {
    const host = await runBoth(engineHost, { shell }, ['--scope=files']);
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
      'a failure that is notified twice, once in a subshell',
      ['--scope=files'],
      { programs: { sha256sum: failing('sha256sum') } },
      undefined,
      ['0 files', '-1 files'],
    ],
    [
      'SIGTERM',
      ['--scope=files'],
      { programs: { tar: waitingTar } },
      killGroup('SIGTERM'),
      ['0 files', '-1 files'],
    ],
    [
      'SIGINT',
      ['--scope=files'],
      { programs: { tar: waitingTar } },
      killGroup('SIGINT'),
      ['0 files', '-1 files'],
    ],
    [
      'SIGHUP',
      ['--scope=files'],
      { programs: { tar: waitingTar } },
      killGroup('SIGHUP'),
      ['0 files', '-1 files'],
    ],
    [
      'SIGKILL',
      ['--scope=files'],
      { programs: { tar: waitingTar } },
      killGroup('SIGKILL'),
      ['0 files'],
    ],
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
    'given %s, changes nothing and records what happened',
    async (_, args, options, onStart, reported) => {
      const host = await runBoth(engineHost, { shell, ...options }, args, onStart);
      expect(host.reported()).toEqual(reported);
      expect(new Set(host.records().map(({ runId }) => runId)).size).toBe(
        Math.min(reported.length, 1),
      );
    },
  );

  it('reports a completed backup as completed, whatever fails afterwards', async () => {
    const late = `output() { log "$1"; [ "$1" != Done. ] || exit 1; }\n`;
    const host = engineHost({ shell, dropIns: { '90-late.sh': late } });
    expect(await host.run(['--scope=files'])).toMatchObject({ code: 1 });
    expect(host.reported()).toEqual(['0 files', '1 files']);
  });

  it('reports an unnoticed failure in a subshell as failed', async () => {
    const unnoticed = `hash_files() { (logdie 'cannot hash'); return 0; }\n`;
    const host = engineHost({ shell, dropIns: { '90-unnoticed.sh': unnoticed } });
    expect(await host.run(['--scope=files'])).toMatchObject({ code: 0 });
    expect(host.reported()).toEqual(['0 files', '-1 files']);
  });
  it('reports nothing if the engine is unknown, and logs that', async () => {
    for (const ENGINE_FQDN of ['', 'localhost.localdomain']) {
      const host = await runBoth(engineHost, { shell, engine: { ENGINE_FQDN } }, ['--scope=files']);
      expect(host.reported()).toEqual([]);
      expect(host.calls()).toEqual([]);
      expect(host.readLog()).toContain('the engine is unknown');
    }
  });

  it('on a separate Data Warehouse host, reports only the databases that are dumped there', async () => {
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
    const host = await runBoth(engineHost, { ...options, files }, ['--scope=all']);
    expect(host.reported()).toEqual(['0 dwhdb', '1 dwhdb']);
    expect(host.records()[1]!.fqdn.toString()).toBe('engine.example.com');

    const grafana = { ...options.engine, GRAFANA_DB_FILENAME: '/grafana.db' };
    const withGrafana = await runBoth(engineHost, { ...options, files, engine: grafana }, [
      '--scope=all',
    ]);
    expect(withGrafana.reported()).toEqual(['0 dwhdb', '1 dwhdb', '1 grafanadb']);

    const programs = { pg_dump: failing('pg_dump') };
    const failed = await runBoth(engineHost, { ...options, files, programs }, ['--scope=all']);
    expect(failed.reported()).toEqual(['0 dwhdb', '-1 dwhdb']);
  });

  it('writes log lines in the format of engine-backup', async () => {
    const host = engineHost({ shell });
    await host.run(['--scope=files']);
    const lines = host.readLog().split('\n').slice(0, -1);
    expect(lines.filter((line) => line.includes('backup-awareness: '))).not.toEqual([]);
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \d+: \S/);
    expect(new Set(lines.map((line) => line.split(' ')[2])).size).toBe(1);
  });

  it('works with any shell options, and when it is sourced twice', async () => {
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
});
