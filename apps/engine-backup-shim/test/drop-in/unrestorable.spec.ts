import { SHELLS, type Shell, useEngineHosts } from '../stand-in/engine-host.js';

const engineHost = useEngineHosts(() => ({ configuration: 'KEEP_ENGINE_NOTICE=no\n' }));

const UNRESTORABLE =
  'engine-backup --mode=restore will fail on this archive: whole tables are excluded from it (pg_dump -T). ' +
  'Set BackupExcludeMode=data for later backups.';

describe.each(Object.keys(SHELLS) as Shell[])('the drop-in, run by %s,', (shell) => {
  it.each([
    ['', '--exclude-table=public.job', true],
    [' in a subshell', '--exclude-table=public.job', true],
    ['', '--exclude-table-data=public.job', false],
    ['', '', false],
  ])(
    'given a dump%s with %j, reports whether the archive can be restored, and does not tell oVirt',
    async (subshell, option, isBroken) => {
      const host = engineHost({
        shell,
        shim: `#!/bin/sh\ncase $1 in pg-dump-args) printf %s '${option}' ;; esac\n`,
        configuration: '',
        programs: {
          pg_dump: '#!/bin/sh\n',
          psql: `#!/bin/sh\necho "$*" >>'@ROOT@/told'\ncat >>'@ROOT@/told'\n`,
        },
        // On a slow machine, too, the answer comes in time.
        dropIns: { '90-slow.sh': 'sleep() { command sleep 1; }\n' },
      });
      const args = ['--scope=db', '--scope=files', ...(subshell ? ['--db-compressor=cat'] : [])];
      expect(await host.run(args)).toMatchObject({ code: 0, stderr: '' });
      expect(host.reported()).toEqual(['0 files db', '1 files db']);
      const [started, completed] = host.records().map(({ message }) => message.toString());
      expect(started).toBe('Backup Started');
      expect(completed).toBe(isBroken ? `Backup Finished\n${UNRESTORABLE}` : 'Backup Finished');
      const told = host.readFile('told');
      expect(told).toContain('--set=message=Backup Finished --set=fqdn=');
      expect(told).not.toContain('restore');
    },
  );

  it('reports nothing about restoring after a failed dump', async () => {
    const host = engineHost({
      shell,
      shim: "#!/bin/sh\ncase $1 in pg-dump-args) echo '--exclude-table=public.job' ;; esac\n",
      programs: { pg_dump: '#!/bin/sh\nexit 1\n' },
      dropIns: { '90-slow.sh': 'sleep() { command sleep 1; }\n' },
    });
    expect(await host.run(['--scope=db'])).toMatchObject({ code: 1 });
    expect(host.records()[1]!.message.toString()).toBe('cannot dump engine');
  });
});
