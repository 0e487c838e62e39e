import { createProgress } from './progress.js';

it('gives each of two concurrent steps lines of its own, with its title', async () => {
  let said = '';
  const stream = { write: (text: string) => (said += text) } as unknown as NodeJS.WriteStream;
  const progress = createProgress(stream);
  let endFirst!: () => void;
  const first = progress.step('first', () => new Promise<void>((resolve) => (endFirst = resolve)));
  await progress.step('second', async () => {
    endFirst();
    await first;
  });
  expect(said.replace(/\d+\.\d/g, 'n')).toBe(
    'first … \nsecond … \nfirst … ready (n s)\nsecond … ready (n s)\n',
  );
});
