import { sideBySide } from './side-by-side.js';

function withResolvers() {
  let resolve!: (value: string) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<string>((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
}

describe('concurrent work', () => {
  it('resolves with all results, in order', async () => {
    const later = withResolvers();
    const both = sideBySide([later.promise, Promise.resolve(2)], () => undefined);
    later.resolve('first');
    expect(await both).toEqual(['first', 2]);
  });

  it('rejects with the first failure, after the others have ended because of it', async () => {
    const other = withResolvers();
    let hasEnded = false;
    const ended = other.promise.finally(() => (hasEnded = true));
    const both = sideBySide([ended, Promise.reject(new Error('why'))], () =>
      other.reject(new Error('given up')),
    );
    await expect(both).rejects.toThrow('why');
    expect(hasEnded).toBe(true);
  });
});
