import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  SHELLS,
  type EngineHostOptions,
  type Shell,
  useEngineHosts,
} from '../stand-in/engine-host.js';

const engineHost = useEngineHosts(() => ({ configuration: 'KEEP_ENGINE_NOTICE=no\n' }));

/** It has refused an answer, and names the tables that it excludes instead. */
const refusing = `#!/bin/sh
case $1 in pg-dump-args)
  echo --exclude-table-data=public.job
  echo "engine-backup-shim: excluded tables: answer: refused: \\$(id) '%s" >&2
esac
`;

describe.each(Object.keys(SHELLS) as Shell[])('the drop-in, run by %s', (shell) => {
  it.each<[string, EngineHostOptions, string]>([
    [
      'engine-backup-shim',
      { shim: refusing },
      "engine-backup-shim: excluded tables: answer: refused: $(id) '%s",
    ],
    [
      'the drop-in',
      { shim: '#!/bin/sh\necho --exclude-table-data=public.vm_static\n' },
      'refused: engine-backup-shim named a table that may not be excluded on this host',
    ],
  ])('reports with the end of a run what %s has refused to exclude', async (_, options, line) => {
    const host = engineHost({ shell, programs: { pg_dump: '#!/bin/sh\n' }, ...options });
    expect(await host.run(['--scope=db'])).toMatchObject({ code: 0, stderr: '' });
    expect(host.reported()).toEqual(['0 db', '1 db']);
    const [started, completed] = host.records().map(({ message }) => message.toString());
    expect(started).toBe('Backup Started');
    expect(completed).toBe(`Backup Finished\n${line}`);
    expect(host.readLog()).toContain(`backup-awareness: ${line}`);
  });

  it('uses the last answer when engine-backup-shim hangs', async () => {
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
    // A dump waits for an answer for 0.15 s at most.
    expect(host.readFile('waited')).toBe('0.05\n0.05\n0.05\n');
    expect(host.readLog()).toContain('did not answer in time');
  });
});
