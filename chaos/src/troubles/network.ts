import { setTimeout as sleep } from 'node:timers/promises';
import type { TcpProxy } from '@backup-awareness/testing';
import type { Draws } from '../draws.js';
import { recovered } from './recovery.js';
import type { Trouble } from './trouble.js';

/** The faults of a network, and for how long. */
const FAULTS: readonly ((proxies: readonly TcpProxy[], draws: Draws) => Promise<unknown>)[] = [
  async (proxies) => proxies.forEach((proxy) => proxy.cut()),
  (proxies, draws) => {
    proxies.forEach((proxy) => proxy.refuse());
    return sleep(draws.integer(1_000, 6_000));
  },
  (proxies, draws) => {
    proxies.forEach((proxy) => proxy.delay(draws.integer(100, 400)));
    return sleep(draws.integer(2_000, 6_000));
  },
  // Half-open: long enough for some clients to notice, and short enough for others not to.
  (proxies, draws) => {
    proxies.forEach((proxy) => proxy.hang());
    return sleep(draws.integer(3_000, 20_000));
  },
];

/** Connections to the broker, the database or both that are cut, refused, slow or half-open; publishers' too. */
export const network: Trouble = {
  name: 'network',
  what: 'connections cut, refused, slow, half-open',
  installation: 'through proxies',
  times: { full: 40, short: 2 },
  async make({ installation, load, times, draws, isShort }) {
    const { brokerProxy, databaseProxy } = installation;
    if (!brokerProxy || !databaseProxy) throw new Error('there are no proxies to fail');
    const faults = isShort ? FAULTS.slice(0, -1) : FAULTS;
    const recoveriesMs: number[] = [];
    for (let time = 0; time < times; time += 1) {
      const targets = draws.oneOf([[brokerProxy], [databaseProxy], [brokerProxy, databaseProxy]]);
      await sleep(draws.integer(0, 500));
      await faults[time % faults.length]!(targets, draws);
      targets.forEach((proxy) => proxy.mend());
      recoveriesMs.push(await recovered({ installation, load }));
    }
    return { times, recoveriesMs };
  },
};
