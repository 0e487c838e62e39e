import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkout as ours } from '../../setup/workspace.mjs';

/** Another user than the owner of the checkout, if we may run as one. */
const OTHER_USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const PROGRAM = join('program', 'dist', 'main.js');
const RUNS = `process.stdout.write('runs'); setInterval(() => undefined, 1_000);\n`;

/** The smallest checkout that can be set up, with one program. */
let checkout: string;
beforeAll(() => {
  checkout = realpathSync(mkdtempSync(join(tmpdir(), 'set-up-again-')));
  chmodSync(checkout, 0o755);
  for (const folder of [join('tools', 'setup'), join('libs', 'local-servers', 'uncompiled')])
    cpSync(join(ours, folder), join(checkout, folder), { recursive: true });
  const files = {
    'package.json': { type: 'module', workspaces: ['program'] },
    'package-lock.json': { packages: { '': {}, program: {} } },
    'node_modules/.package-lock.json': { packages: {} },
    'tsconfig.json': { files: [], references: [{ path: 'program' }] },
    'program/package.json': { type: 'module' },
    'program/tsconfig.json': {
      compilerOptions: {
        ...{ composite: true, rootDir: 'src', outDir: 'dist' },
        ...{ types: [], lib: ['es5'], skipLibCheck: true, target: 'es2022', module: 'nodenext' },
      },
    },
  };
  for (const [name, content] of Object.entries(files)) write(name, JSON.stringify(content));
  for (const name of ['bundle.mjs', 'drop-in/none', 'host-files/none'])
    write(join('apps', 'engine-backup-shim', name), '');
  write(join('apps', 'engine-backup-shim', 'dist', 'bundle', 'engine-backup-shim.cjs'), '');
  write(join('apps', 'cli', 'bundle.mjs'), '');
  write(join('apps', 'cli', 'dist', 'bundle', 'check.cjs'), '');
  write(join('tools', 'bundle-services.mjs'), '');
  for (const service of ['ingest', 'freshness-checker', 'audit', 'notifier'])
    write(join('apps', service, 'dist', 'program.mjs'), '');
  write(
    join('program', 'src', 'main.ts'),
    `declare const process: any, setInterval: any;\n${RUNS}export {};\n`,
  );
  symlinkSync(
    join(ours, 'node_modules', 'typescript'),
    join(checkout, 'node_modules', 'typescript'),
  );
});
afterAll(() => {
  spawnSync('chmod', ['-R', 'u+w', checkout]);
  rmSync(checkout, { recursive: true });
});

function write(name: string, content: string): void {
  mkdirSync(dirname(join(checkout, name)), { recursive: true });
  writeFileSync(join(checkout, name), content);
}

function setUp(as: { uid?: number; gid?: number } = {}): { outcome: string; said: string } {
  const script = `
    const { setUp } = await import(process.argv[1] + '/tools/setup/set-up.mjs');
    console.error(await setUp({ signal: new AbortController().signal }));`;
  const args = ['--input-type=module', '-e', script, checkout];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: '/',
    ...as,
  });
  return { outcome: stderr.trim(), said: stdout };
}
const compiled = (): string => readFileSync(join(checkout, PROGRAM), 'utf8');

it('builds once, and then has nothing to do', () => {
  const first = setUp();
  expect(first).toMatchObject({ outcome: 'ready', said: expect.stringContaining('Build … done') });
  expect(compiled()).toContain('runs');
  expect(setUp()).toEqual({ outcome: 'ready', said: '' });
});

it.each(['', '{"sha', 'null'])('tolerates a damaged record of what is installed: %j', (text) => {
  write(join('node_modules', '.backup-awareness.json'), text);
  expect(setUp()).toEqual({ outcome: 'ready', said: '' });
});

it('rewrites nothing while a program runs from it, and says what to stop', async () => {
  const program = spawn(process.execPath, [join(checkout, PROGRAM)]);
  await once(program.stdout, 'data');
  expect(setUp()).toEqual({ outcome: 'ready', said: '' });

  const before = compiled();
  write(join('program', 'src', 'main.ts'), 'export const isChanged = "changed";\n');
  expect(setUp()).toEqual({
    outcome: 'failed',
    said: `The sources of ${checkout} have changed since they were built, but ${PROGRAM} (process ${program.pid}) still runs from there. Nothing was built: stop it first (Ctrl-C where it was started, or kill ${process.pid}), or work in another checkout.\n`,
  });
  write('package-lock.json', '{ "packages": { "node_modules/new": { "version": "1" } } }');
  expect(setUp().said).toMatch(/have changed .* Nothing was built: stop it first/);
  expect(compiled()).toBe(before);

  write('package-lock.json', '{ "packages": { "": {}, "program": {} } }');
  program.kill();
  await once(program, 'exit');
  expect(setUp().outcome).toBe('ready');
  expect(compiled()).toContain('changed');
});

it('is ready for a user who may only read it, once it is built', () => {
  spawnSync('chmod', ['-R', 'a-w,a+rX', checkout]);
  expect(setUp(OTHER_USER)).toEqual({ outcome: 'ready', said: '' });
});
