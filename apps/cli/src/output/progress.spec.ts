import { createProgress } from './progress.js';

let now: number;
let written: string;
beforeEach(() => {
  now = 0;
  written = '';
});

const progressOn = (isTTY: boolean, environment: NodeJS.ProcessEnv = {}) =>
  createProgress({ isTTY, write: (text) => (written += text) }, environment, () => now);

test('a terminal gets one line, not too often, which is erased at the end', async () => {
  const done = await progressOn(true)('Importing reports', async (show) => {
    show(1, 300);
    now = 600;
    show(100, 300);
    now = 700;
    show(150, 300);
    now = 900;
    show(200, 300);
    return 'done';
  });
  expect(done).toBe('done');
  expect(written.split('\r\x1b[K')).toEqual([
    '',
    'Importing reports: 100 of 300 (33 %)',
    'Importing reports: 200 of 300 (66 %)',
    '',
  ]);
});

test('a failure erases the line before it is shown', async () => {
  const failing = progressOn(true)('Reading', async (show) => {
    now = 1_000;
    show(7);
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  expect(written).toBe('\r\x1b[KReading: 7\r\x1b[K');
});

test('short work shows nothing', async () => {
  await progressOn(true)('Reading', async (show) => show(1));
  expect(written).toBe('');
});

test.each([
  ['a stream that is no terminal', false, {}],
  ['a terminal that cannot erase', true, { TERM: 'dumb' }],
] as const)('%s gets nothing', async (_what, isTTY, environment) => {
  await progressOn(isTTY, environment)('Reading', async (show) => {
    now = 1_000;
    show(1);
  });
  expect(written).toBe('');
});
