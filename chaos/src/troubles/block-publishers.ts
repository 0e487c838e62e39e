import { setTimeout as sleep } from 'node:timers/promises';
import { rabbitmqctl } from '../installation/rabbitmqctl.js';
import type { Load } from '../load/start-load.js';
import { recovered } from './recovery.js';
import type { Trouble } from './trouble.js';

/** The commands that raise and clear each alarm. */
const ALARMS = [
  {
    on: ['set_vm_memory_high_watermark', 'absolute', '1MB'],
    off: ['set_vm_memory_high_watermark', '0.4'],
  },
  { on: ['set_disk_free_limit', '1000000GB'], off: ['set_disk_free_limit', '50MB'] },
] as const;

/** The broker's alarms for memory and disk, by their watermarks: until they are cleared, it blocks publishers. */
export const blockPublishers: Trouble = {
  name: 'broker',
  what: 'alarms of the broker that block publishers',
  installation: 'one machine',
  times: { full: 6, short: 1 },
  recoveryWithinMs: 10_000,
  async make({ installation, load, times, draws, isShort }) {
    const recoveriesMs: number[] = [];
    for (let time = 0; time < times; time += 1) {
      const alarm = ALARMS[time % ALARMS.length]!;
      const pid = installation.pidOf('rabbitmq');
      await rabbitmqctl(pid, ...alarm.on);
      try {
        await blocksPublishers(load, isShort ? 2_000 : draws.integer(5_000, 15_000));
      } finally {
        await rabbitmqctl(pid, ...alarm.off);
      }
      recoveriesMs.push(await recovered({ installation, load }));
    }
    return { times, recoveriesMs };
  },
};

/** Waits. @throws where anything is confirmed in this time, which means that there was no alarm */
async function blocksPublishers(load: Load, forMs: number): Promise<void> {
  // Messages under way are still confirmed.
  await sleep(1_000);
  const before = load.spool().confirmed.size;
  await sleep(forMs);
  const more = load.spool().confirmed.size - before;
  if (more > 0) throw new Error(`${more} reports were confirmed during an alarm, expected none`);
}
