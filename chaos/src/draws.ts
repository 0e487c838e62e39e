import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random choices: the same seed makes the same ones. */
export interface Draws {
  /** Both bounds included. */
  integer(from: number, to: number): number;
  chance(probability: number): boolean;
  oneOf<T>(things: readonly T[]): T;
  shuffled<T>(things: readonly T[]): T[];
}

/** The draws for one purpose: each `label` has its own, independent of what was drawn for the others. */
export function drawsFor(seed: number, label: string): Draws {
  const digest = createHash('sha256').update(`${seed} ${label}`).digest();
  const generator = xoroshiro128plus(digest.readInt32BE());
  const integer = (from: number, to: number): number => uniformInt(generator, from, to);
  return {
    integer,
    chance: (probability) => integer(0, 999_999) < probability * 1_000_000,
    oneOf: (things) => things[integer(0, things.length - 1)]!,
    shuffled: (things) => {
      const left = [...things];
      return things.map(() => left.splice(integer(0, left.length - 1), 1)[0]!);
    },
  };
}
