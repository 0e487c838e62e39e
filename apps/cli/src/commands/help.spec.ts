import { runCommand } from '../spec/run-command.js';

test('without arguments the help is shown, and it is wrong use', async () => {
  const { exitCode, stdout, stderr } = await runCommand([]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'backup-awareness: missing command\n',
  });
  expect(stdout).toMatch(/^Usage: backup-awareness \[options\] <command>\n/);
});

test.each([
  [['--help'], /^Usage: backup-awareness \[options\]/],
  [['help'], /^Usage: backup-awareness \[options\]/],
  [['help', 'status'], /^Usage: backup-awareness status /],
  [['alerts', 'list', '--help'], /^Usage: backup-awareness alerts list /],
])('%j shows a help that fits into 80 columns', async (args, expected) => {
  const { exitCode, stdout, stderr } = await runCommand(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(expected);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test.each([['dead-letters'], ['outbox']])(
  '%s discard --help says that --comment is required',
  async (group) => {
    const { stdout } = await runCommand([group, 'discard', '--help']);
    expect(stdout).toMatch(/--comment <TEXT> .*\(required\)/);
  },
);

test.each([
  [['dead-letters', 'list', '--queue', 'ingest', '--queue', 'audit'], '--queue'],
  [['report', '--month', '2026-01', '--month', '2026-02'], '--month'],
  [['forecast', '--hours', '1', '--hours', '2'], '--hours'],
  [['config', '-s', 'BackupExcludeMode=data', '--set', 'BackupExcludeMode=table'], '--set'],
  [['engines', 'retire', 'a.example.com', '--by', 'one', '--by', 'two'], '--by'],
  [['status', '--watch', '1', '--watch', '2'], '--watch'],
])('%j: an option that takes one value is refused if it is given twice', async (args, name) => {
  expect(await runCommand(args)).toMatchObject({
    exitCode: 2,
    stderr: `backup-awareness: ${name}: expected once, got more than once\n`,
  });
});

test('a value that is not among the choices is refused, with the one that was probably meant', async () => {
  const { exitCode, stderr } = await runCommand(['dead-letters', 'list', '--queue', 'audits']);
  expect(exitCode).toBe(2);
  expect(stderr).toBe(
    'backup-awareness: --queue: expected one of ingest, audit, unrouted, webhook, ovirt, got "audits"; did you mean audit?\n',
  );
});
