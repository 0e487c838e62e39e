import type { Thread } from './thread.js';

// A thread runs compiled files.
const { openThread } = (await import(
  new URL('../dist/thread.js', import.meta.url).href
)) as typeof import('./thread.js');

type Example = {
  add(a: number, b: number): Promise<number>;
  refuse(why: string): Promise<never>;
  hang(): Promise<never>;
};

const SOURCE = `
  class RefusedError extends Error { name = 'RefusedError'; }
  export const add = async (a, b) => a + b;
  export const refuse = async (why) => { throw new RefusedError(why); };
  export const hang = () => new Promise(() => setInterval(() => {}, 1000));
`;

let thread: Thread<Example>;
const open = (source: string) =>
  (thread = openThread<Example>(new URL(`data:text/javascript,${encodeURIComponent(source)}`)));
afterEach(() => thread.close());

test('a function of the module is called in the thread, several at a time', async () => {
  const { call } = open(SOURCE);
  expect(await Promise.all([call('add', 1, 2), call('add', 3, 4)])).toEqual([3, 7]);
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
