import { pathToFileURL } from 'node:url';
import { runCommand } from '../spec/run-command.js';
import { useImport } from '../spec/use-import.js';

/** As a URL, since a blank in a path ends an option of NODE_OPTIONS. */
const KILLER = pathToFileURL('src/spec/kill-at-write.mjs').href;

const world = useImport();

/** Before it, the command only reads. */
const FIRST_WRITE = 40;

/** A cap for a hang on a slow machine: some hundred processes. */
const TIMEOUT_MS = 900_000;

test(
  'wherever kill -9 ends an import, a second one completes it: each report is stored once, the setting changed once',
  async () => {
    const { database, ovirt, environment } = world;
    const args = ['import', '--from-ovirt', ovirt.readerUrl];
    await ovirt.query(
      `UPDATE vdc_options SET option_value = '3' WHERE option_name = 'BackupAlertPeriodInDays'`,
    );
    for (const scope of ['db', 'files']) await ovirt.addSuccess({ fqdn: 'a.example.com', scope });
    let killed = 0;
    for (let write = FIRST_WRITE; ; write++) {
      await database.owner.query('TRUNCATE engine_backup_log, engine; DELETE FROM outbox');
      await database.owner.query('UPDATE vdc_options SET option_value = default_value');
      const first = await runCommand(args, {
        ...environment,
        NODE_OPTIONS: `--import=${KILLER}`,
        KILL_AT_WRITE: String(write),
      });
      expect([0, null]).toContain(first.exitCode);
      const isDone = first.exitCode === 0;
      if (!isDone) expect((await runCommand(args, environment)).exitCode).toBe(0);
      const log = await database.owner.query(
        'SELECT scope, counted_at = done_at AS counts_from_then FROM engine_backup_log ORDER BY scope',
      );
      expect(log).toEqual([
        { scope: 'db', counts_from_then: true },
        { scope: 'files', counts_from_then: true },
      ]);
      const changes = await database.owner.query(`SELECT data ->> 'to' AS "to" FROM outbox`);
      expect(changes).toEqual([{ to: '3' }]);
      if (isDone) break;
      killed++;
    }
    const outcomes = new Set(world.ingest.received.map(({ outcome }) => outcome));
    expect([...outcomes].filter((outcome) => !['stored', 'duplicate'].includes(outcome))).toEqual(
      [],
    );
    expect(killed).toBeGreaterThan(20);
  },
  TIMEOUT_MS,
);
