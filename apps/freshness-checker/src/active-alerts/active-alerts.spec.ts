import { cloudEventOf } from '@backup-awareness/contracts';
import { readOutbox } from '@backup-awareness/database';
import { useTicks } from '../spec/use-ticks.js';
import { partsOf } from './parts-of.js';
import { readActiveAlerts } from './read-active-alerts.js';

describe('who asks which alerts are active', () => {
  const world = useTicks();

  /** As the events were published that raised alerts which are active. */
  async function raisedEvents(): Promise<object[]> {
    const active: { id: string }[] = await world.owner.query(
      'SELECT alert_id AS id FROM alert WHERE cleared_at IS NULL ORDER BY fqdn, sequence',
    );
    const events = (await readOutbox(world.owner, 1_000)).map(({ event }) => event);
    return active.map(({ id }) => cloudEventOf(events.find((event) => event.id === id)!));
  }

  it('gets the very events that raised them, and the last sequence number of every engine that ever had one', async () => {
    await world.monitored('none.example.com');
    await world.monitored('old.example.com');
    await world.fullBackup('old.example.com', 30);
    await world.monitored('stuck.example.com');
    await world.started('stuck.example.com', 'db', 13, 'run-1');
    await world.started('stuck.example.com', 'files', 12.5, null);
    await world.monitored('cleared.example.com');
    await world.monitored('fresh.example.com');
    await world.fullBackup('fresh.example.com', 1);
    await world.check();
    await world.fullBackup('cleared.example.com', 0);
    await world.run();

    const [answer, ...others] = partsOf(await readActiveAlerts(world.checker));
    expect(others).toEqual([]);
    expect(answer!.alerts).toEqual(await raisedEvents());
    expect(answer!.alerts).toHaveLength(5);
    expect(answer!.sequence).toEqual({
      'cleared.example.com': 2,
      'none.example.com': 1,
      'old.example.com': 1,
      'stuck.example.com': 3,
    });
  });
});
