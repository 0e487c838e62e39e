import { SERVICES } from '../installation/installation.js';
import { allReady } from './recovery.js';
import type { Trouble } from './trouble.js';

/** What the broker refuses does not test the product. */
const REFUSED_SHARE_MAX = 0.2;

/** A load that is the trouble itself: all of it is delivered, and no service may end because of it. */
function countedLoad(
  name: 'poison' | 'fuzz' | 'hostile',
  what: string,
  times: Trouble['times'],
): Trouble {
  return {
    name,
    what,
    installation: 'one machine',
    times,
    load: { kind: name },
    async make({ installation, load, times: count }) {
      const pids = (): string => SERVICES.map((one) => `${one} ${installation.pidOf(one)}`).join();
      const before = pids();
      await load.delivered();
      const { refused } = load.spool();
      if (refused.size > count * REFUSED_SHARE_MAX)
        throw new Error(
          `the broker refused ${refused.size} of ${count} messages: too few reach the product`,
        );
      await allReady(installation);
      if (pids() !== before) throw new Error(`services ended: ${before} became ${pids()}`);
      return { times: count, recoveriesMs: [] };
    },
  };
}

export const poison = countedLoad('poison', 'one malformed message in a hundred', {
  full: 100_000,
  short: 3_000,
});
export const fuzz = countedLoad('fuzz', 'payloads of any shape', { full: 100_000, short: 2_000 });
export const hostile = countedLoad('hostile', 'properties and headers of any type', {
  full: 5_000,
  short: 300,
});
