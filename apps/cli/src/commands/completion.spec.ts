import { SETTING_NAMES } from '@backup-awareness/contracts/plain';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCommand } from '../spec/run-command.js';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.owner.query(
    "INSERT INTO engine (fqdn) VALUES ('one.example.com'), ('other.example.com'), ('two.example.com')",
  );
  folder = mkdtempSync(join(tmpdir(), 'completion-'));
  symlinkSync(resolve('bin/backup-awareness.js'), join(folder, 'backup-awareness'));
  const { stdout } = await runCommand(['completion', 'bash']);
  writeFileSync(join(folder, 'completion.bash'), stdout);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database?.drop();
});

/** Completes the line in a real bash, as the Tab key does there. `=` is a word, as bash makes it one. */
function completed(line: string, environment: Record<string, string> = {}): string[] {
  const words = line.split(' ').flatMap((word) => word.split(/(?<==)|(?==)/));
  const script = `
    set -u
    source ./completion.bash
    complete -p backup-awareness >/dev/null || exit 1
    compopt() { :; } # It works only while bash itself completes.
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _backup_awareness backup-awareness "\${COMP_WORDS[COMP_CWORD]}" ''
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env['PATH']}`,
      DATABASE_URL: database.ownerUrl,
      ...environment,
    },
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  test('the script completes the command by its own function', () => {
    const { stdout } = spawnSync(
      'bash',
      ['--norc', '-c', 'source ./completion.bash && complete -p backup-awareness'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stdout).toBe('complete -F _backup_awareness backup-awareness\n');
  });

  test.each([
    ['backup-awareness st', ['status']],
    ['backup-awareness --json al', ['alerts']],
    ['backup-awareness alerts ', expect.arrayContaining(['list', 'dismiss', '--help'])],
    ['backup-awareness status --wa', ['--watch']],
    [
      'backup-awareness dead-letters list --queue ',
      ['ingest', 'audit', 'unrouted', 'webhook', 'ovirt'],
    ],
    ['backup-awareness dead-letters list --queue=un', ['unrouted']],
    ['backup-awareness dead-letters list --queue ingest --re', ['--reason']],
    ['backup-awareness report --format ', ['table', 'csv', 'json', 'html']],
    ['backup-awareness report --month ', []],
    ['backup-awareness config -g ', SETTING_NAMES],
    ['backup-awareness config -s BackupExcludeM', ['BackupExcludeMode=']],
    ['backup-awareness config -s BackupExcludeMode=d', []],
    ['backup-awareness explain o', ['one.example.com', 'other.example.com']],
    ['backup-awareness audit --fqdn t', ['two.example.com']],
    ['backup-awareness explain one.example.com --', ['--at', '--help', '--version', '--json']],
    ['backup-awareness nonsense ', expect.arrayContaining(['status'])],
  ])('%j', (line, words) => expect(completed(line)).toEqual(words));

  test('engines are left out, without a message, while nothing can be reached', () => {
    const nowhere = { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/db' };
    expect(completed('backup-awareness explain o', nowhere)).toEqual([]);
  });
});
