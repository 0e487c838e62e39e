import {
  createTcpProxy,
  createTestDatabase,
  eventually,
  type TcpProxy,
  type TestDatabase,
} from '@backup-awareness/testing';
import { spawn } from 'node:child_process';
import { runCommand, startCommand } from '../spec/run-command.js';

let database: TestDatabase;
let proxy: TcpProxy;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.owner.query("INSERT INTO engine (fqdn) VALUES ('engine.example.com')");
  proxy = await createTcpProxy(database.ownerUrl);
});
afterAll(async () => {
  await proxy?.close();
  await database?.drop();
});
afterEach(() => proxy.mend());

/** A command that runs until Ctrl-C, with what it has written until now. */
function watching(...args: string[]) {
  const child = startCommand(args, { DATABASE_URL: proxy.urlThrough(database.ownerUrl) });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const interrupt = () => {
    child.kill('SIGINT');
    return ended;
  };
  return { written, interrupt };
}

const record = (message: string) =>
  database.owner.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
     VALUES (now(), 'ENGINE_BACKUP_FAILED', 9026, 2, $1, '/test', $1, 'ENGINE_BACKUP_FAILED', '{}')`,
    [message],
  );

const blocksOf = (stdout: string) => stdout.split(/(?=^\S+ \S+ \S+, every )/m);

test('status --watch shows one block after the other, until Ctrl-C ends it with 0', async () => {
  const { written, interrupt } = watching('status', '--watch', '1');
  await eventually(() => expect(blocksOf(written.stdout).length).toBeGreaterThan(2));
  expect(await interrupt()).toBe(0);
  expect(blocksOf(written.stdout)[1]).toMatch(
    /every 1 s until Ctrl-C\n[^]*\nengine\.example\.com /,
  );
  expect(written.stderr).toBe('');
});

test('during an outage of the database status --watch shows nothing that is older, and then continues', async () => {
  const { written, interrupt } = watching('status', '--watch', '1');
  await eventually(() => expect(written.stdout).toContain('engine.example.com'));
  proxy.refuse();
  await eventually(() => expect(written.stdout).toContain('Unknown: cannot reach the database at'));
  const blocks = blocksOf(written.stdout);
  const outage = blocks.find((block) => block.includes('Unknown: '))!;
  expect(outage).toMatch(/It was last read at \d{4}-/);
  expect(outage).not.toContain('engine.example.com');
  proxy.mend();
  await eventually(() =>
    expect(blocksOf(written.stdout).slice(blocks.length).join('')).toContain('engine.example.com'),
  );
  expect(await interrupt()).toBe(0);
});

test('a database that hangs is an outage as well', async () => {
  const status = watching('status', '--watch', '1');
  const audit = watching('audit', '--follow');
  await record('before it hangs');
  await eventually(() => expect(status.written.stdout).toContain('engine.example.com'));
  await eventually(() => expect(audit.written.stdout).toContain('before it hangs'));
  proxy.hang();
  await eventually(() => expect(status.written.stdout).toContain('Unknown: '), 40_000);
  await eventually(() => expect(audit.written.stderr).toContain('trying again'), 40_000);
  const seen = status.written.stdout.length;
  // New connections hang, too.
  await eventually(
    () => expect(status.written.stdout.slice(seen).match(/Unknown: /g)).toHaveLength(2),
    40_000,
  );
  proxy.mend();
  await eventually(
    () => expect(status.written.stdout.slice(seen)).toContain('engine.example.com'),
    40_000,
  );
  await eventually(() => expect(audit.written.stderr).toContain('answers again'), 40_000);
  expect(await Promise.all([status.interrupt(), audit.interrupt()])).toEqual([0, 0]);
});

test('status --watch that begins during an outage waits for its end', async () => {
  proxy.refuse();
  const { written, interrupt } = watching('status', '--watch', '1');
  await eventually(() => expect(written.stdout).toContain('It has not been read yet.'));
  proxy.mend();
  await eventually(() => expect(written.stdout).toContain('engine.example.com'));
  expect(await interrupt()).toBe(0);
});

test('status --watch --json prints one document per line, and an outage on standard error', async () => {
  const { written, interrupt } = watching('status', '--json', '--watch', '1');
  const documents = () => written.stdout.split('\n').slice(0, -1);
  await eventually(() => expect(documents().length).toBeGreaterThan(1));
  proxy.refuse();
  await eventually(() =>
    expect(written.stderr).toMatch(/^backup-awareness: cannot reach the database at [^\n]*\n/),
  );
  const seen = documents().length;
  proxy.mend();
  await eventually(() => expect(documents().length).toBeGreaterThan(seen));
  expect(await interrupt()).toBe(0);
  for (const line of documents())
    expect(JSON.parse(line)).toMatchObject({ engines: [{ fqdn: 'engine.example.com' }] });
});

test('on a terminal status --watch repaints in place', async () => {
  const { PATH = '' } = process.env;
  const command = `exec ${process.execPath} bin/backup-awareness.js status --watch 1`;
  // Gives it a terminal, whose input a Ctrl-C goes to.
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH, TERM: 'xterm', TZ: 'UTC', DATABASE_URL: database.ownerUrl },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  const ended = new Promise((resolve) => child.on('close', resolve));
  await eventually(() => expect(shown.split('\x1b[H').length).toBeGreaterThan(2));
  child.stdin.write('\x03');
  expect(await ended).toBe(0);
  expect(shown).toContain('engine.example.com');
  expect(shown).not.toContain('\x1b[2J');
});

test.each(['0', '0.5', '-1', '1e3', 'often', '86401'])('--watch %s is refused', async (seconds) => {
  const { exitCode, stderr } = await runCommand(['status', `--watch=${seconds}`]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--watch: expected a number of seconds from 1 to 86400');
});

test('audit --follow outlasts outages, and shows each entry once', async () => {
  await database.owner.query('DELETE FROM audit_log');
  await record('before');
  const { written, interrupt } = watching('audit', '--follow', '--json');
  const messages = () =>
    written.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { message: string }).message);
  await eventually(() => expect(messages()).toEqual(['before']));
  for (const outage of ['first', 'second']) {
    const said = written.stderr.length;
    proxy.refuse();
    await eventually(() =>
      expect(written.stderr.slice(said)).toMatch(
        /^backup-awareness: cannot reach the database at [^\n]*; trying again\n$/,
      ),
    );
    await record(`during the ${outage}`);
    proxy.mend();
    await eventually(() =>
      expect(written.stderr.slice(said)).toMatch(
        /\nbackup-awareness: the database answers again\n$/,
      ),
    );
  }
  // As retention does, while nobody looks at the entries any more.
  await database.owner.query("DELETE FROM audit_log WHERE message <> 'during the second'");
  await record('after');
  const all = ['before', 'during the first', 'during the second', 'after'];
  await eventually(() => expect(messages()).toEqual(all));
  expect(await interrupt()).toBe(0);
});
