import type { Thread } from './thread.js';

// A thread runs compiled files.
const { openThread } = (await import(
  new URL('../dist/thread.js', import.meta.url).href
)) as typeof import('./thread.js');

type Example = {
  add(a: number, b: number): Promise<number>;
  refuse(why: string): Promise<never>;
  hang(): Promise<never>;
  tell(line: string): Promise<string>;
};

const SOURCE = `
  import { parentPort } from 'node:worker_threads';
  class RefusedError extends Error { name = 'RefusedError'; }
  export const add = async (a, b) => a + b;
  export const refuse = async (why) => { throw new RefusedError(why); };
  export const tell = async (line) => { parentPort.postMessage(line); return 'told'; };
  export const hang = () => new Promise(() => setInterval(() => {}, 1000));
`;

let thread: Thread<Example>;
const open = (source: string, onLine?: (line: string) => void) =>
  (thread = openThread<Example>(
    new URL(`data:text/javascript,${encodeURIComponent(source)}`),
    onLine,
  ));
afterEach(() => thread.close());

test('a function of the module is called in the thread, several at a time', async () => {
  const { call } = open(SOURCE);
  expect(await Promise.all([call('add', 1, 2), call('add', 3, 4)])).toEqual([3, 7]);
});

test('what it says meanwhile arrives', async () => {
  let onLine: (line: string) => void;
  const line = new Promise<string>((resolve) => (onLine = resolve));
  const { call } = open(SOURCE, onLine!);
  expect(await call('tell', 'Waiting')).toBe('told');
  expect(await line).toBe('Waiting');
});

test('its error arrives with name, text and stack', async () => {
  const { call } = open(SOURCE);
  await expect(call('refuse', 'not a host name')).rejects.toMatchObject({
    name: 'RefusedError',
    message: 'not a host name',
    stack: expect.stringContaining('refuse'),
  });
});

test('a call is refused when the thread is closed before it has returned', async () => {
  const { call, close } = open(SOURCE);
  const hanging = expect(call('hang')).rejects.toThrow(/thread .* has ended/);
  await close();
  await hanging;
});

test('a call is refused when the module cannot be loaded', async () => {
  const { call } = open('import "missing-module"');
  await expect(call('add', 1, 2)).rejects.toThrow(/missing-module/);
});
