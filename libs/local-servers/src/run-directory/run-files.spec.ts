import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunDirectory, type RunDirectory } from './run-directory.js';
import { writeRabbitmqFiles } from '../rabbitmq/rabbitmq-files.js';

/** What a power cut, a full disk or an editor may leave in a file, and how the error names it. */
const BROKEN: [content: string, got: string][] = [
  ['', 'an empty file'],
  ['{\n  "amqp": 2', '13 bytes that are not JSON'],
  ['\0\0\0\0', '4 bytes that are not JSON'],
  ['null', 'other JSON'],
  ['[]', 'other JSON'],
  ['"amqp"', 'other JSON'],
  ['{ "amqp": null }', 'other JSON'],
  ['{ "amqp": [] }', 'other JSON'],
];

let path: string;
let said: string[];
let opened: RunDirectory | undefined;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'run-files-'));
  said = [];
});
afterEach(() => {
  opened?.close();
  opened = undefined;
  rmSync(path, { recursive: true });
});
const open = async (): Promise<RunDirectory> =>
  (opened = await openRunDirectory(path, { say: (line) => said.push(line) }));

describe('ports.json', () => {
  it.each([
    ...BROKEN,
    ...['"25001"', '70000', '1.5'].map((port) => [`{ "amqp": ${port} }`, 'other JSON'] as const),
  ])('with %j in it is named, and new ports are chosen', async (content, got) => {
    const file = join(path, 'ports.json');
    writeFileSync(file, content);
    const port = await (await open()).port('amqp');
    expect(said).toEqual([
      `${file}: expected an object of port numbers, got ${got}; new ports are used.`,
    ]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ amqp: port });
  });
});

describe('processes.json', () => {
  it.each([...BROKEN.filter(([content]) => content !== '[]'), ['[null]', 'other JSON'] as const])(
    'with %j in it is named, with the consequence',
    async (content, got) => {
      const file = join(path, 'processes.json');
      writeFileSync(file, content);
      expect((await open()).processes.running()).toEqual([]);
      expect(said).toEqual([
        `${file}: expected a list of processes, got ${got}; a service that the last start left running will not be stopped.`,
      ]);
    },
  );
});

describe('secrets.json', () => {
  it.each(BROKEN)('with %j in it is refused and kept, with what to do', async (content, got) => {
    const file = join(path, 'secrets.json');
    writeFileSync(file, content);
    await expect(open()).rejects.toThrow(
      `${file}: expected an object of strings, got ${got}. It has the passwords of the data, so it is kept as it is: restore it from a backup, or set RUN_DIR to a new folder.`,
    );
    expect(readFileSync(file, 'utf8')).toBe(content);
    expect(existsSync(join(path, 'lock'))).toBe(false);
  });
});

it('an Erlang cookie that was cut off is replaced, and a complete one stays', () => {
  const folder = join(path, 'rabbitmq');
  mkdirSync(folder);
  const ports = { amqp: 1, management: 2, distribution: 3, epmd: 4 };
  const node = { name: 'a@localhost', folder, home: folder, logs: path, ports, cluster: [] };
  const cookie = join(folder, '.erlang.cookie');
  const cookieAfter = (text: string): string => {
    rmSync(cookie, { force: true });
    writeFileSync(cookie, text, { mode: 0o400 });
    writeRabbitmqFiles(node, 'password');
    return readFileSync(cookie, 'utf8');
  };
  for (const cut of ['', 'abc', '\0'.repeat(64)])
    expect(cookieAfter(cut)).toMatch(/^[0-9a-f]{64}$/);
  for (const whole of ['0'.repeat(64), 'OLDERCOOKIEOFERLANG\n'])
    expect(cookieAfter(whole)).toBe(whole);
});
