import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from './services.js';
import { startPage, type Running } from './start-page.js';

const PLAIN = '/srv/backup-awareness';
const SETTINGS = {
  runDirectory: PLAIN,
  isDefaultRunDirectory: false,
  forServices: {},
  forConsole: {},
};
const page = (change: Partial<Running> = {}): string =>
  startPage(
    {
      settings: SETTINGS,
      database: ['PostgreSQL', ''],
      broker: ['RabbitMQ', ''],
      services: [{ name: 'console', url: 'http://127.0.0.1:8080' } as Service],
      registration: undefined,
      takesTrial: true,
      link: 's3cret',
      runDirectory: PLAIN,
      ...change,
    },
    { bold: (text) => text },
  );
const command = `RUN_DIR=${PLAIN} npx backup-awareness`;

describe('the page of npm start', () => {
  it('has the link that signs in at the console, at the place where browsers find it', () => {
    expect(page()).toContain('Console:    http://127.0.0.1:8080/sign-in?link=s3cret\n');
    const settings = { ...SETTINGS, consoleUrl: 'https://backup.example.com' };
    expect(page({ settings })).toContain('https://backup.example.com/sign-in?link=s3cret\n');
  });

  it('says that this host is monitored as an engine, and how to stop that', () => {
    const fqdn = hostname().toLowerCase();
    const stop = `If it is not an engine, stop that: ${command} engines retire ${fqdn}`;
    const added = page({ registration: { fqdn, isNew: true } });
    expect(added).toContain(
      `This host, ${fqdn}, is now monitored as an engine. It has no full backup yet, so there is an alert.\n${stop}\n`,
    );
    const known = page({ registration: { fqdn, isNew: false } });
    expect(known).toContain(`This host, ${fqdn}, is monitored as an engine.\n${stop}\n`);
  });

  it('has the command for a trial only while such a report counts', () => {
    expect(page()).toContain(
      `npx engine-backup-shim log-event --scope all --status 1 --root ${PLAIN}/trial-host\n`,
    );
    expect(page({ takesTrial: false })).not.toContain('engine-backup-shim');
  });

  it('says how to add an engine when the name of this host cannot be an engine’s', () => {
    const text = page({ registration: { fqdn: 'a_b', isNew: false, refused: 'fqdn: got "a_b"' } });
    expect(text).toContain(
      `This host is not monitored: fqdn: got "a_b"\nAdd an engine: ${command} engines add NAME\n`,
    );
  });

  it.each([PLAIN.slice(1), `it's "a" $HOME \`x\` \\ %s 'b'`, 'für 備份', '-n'])(
    'shows commands that work in a shell with RUN_DIR %s',
    (name) => {
      const base = mkdtempSync(join(tmpdir(), 'start-page-'));
      const runDirectory = join(base, name);
      const lines = page({ runDirectory }).split('\n');
      const status = lines.find((line) => line.endsWith(' status'))!;
      const trial = lines.find((line) => line.includes('log-event'))!;
      const npx =
        'npx() { printf "%s\\n" "$RUN_DIR"; for last; do :; done; printf "%s\\n" "$last"; }';
      const shown = execFileSync('sh', ['-c', `${npx}\n${status}\n${trial}`], {
        encoding: 'utf8',
      });
      rmSync(base, { recursive: true });
      expect(shown.split('\n')).toEqual([
        ...[runDirectory, 'status', ''],
        join(runDirectory, 'trial-host'),
        '',
      ]);
    },
  );
});
