import { drawsFor } from './draws.js';

const drawn = (seed: number, label: string) => {
  const draws = drawsFor(seed, label);
  return [draws.integer(0, 1e9), draws.oneOf(['a', 'b', 'c']), draws.shuffled([1, 2, 3, 4, 5])];
};

describe('draws', () => {
  it('are the same for the same seed and label', () => {
    expect(drawn(1, 'kills')).toEqual(drawn(1, 'kills'));
  });

  it('differ for another seed, and for another label', () => {
    expect(drawn(2, 'kills')).not.toEqual(drawn(1, 'kills'));
    expect(drawn(1, 'broker')).not.toEqual(drawn(1, 'kills'));
  });

  it('shuffle without losing or doubling anything', () => {
    const things = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = drawsFor(1, 'x').shuffled(things);
    expect(shuffled).not.toEqual(things);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(things);
  });
});
