import { readOpenRuns } from '@backup-awareness/database';
import { removeOverRuns } from './remove-over-runs.js';
import { useTicks } from './spec/use-ticks.js';

describe('runs that are over', () => {
  const world = useTicks();
  const report = (isPassed: boolean | null, minutesAgo: number, runId: string | null) =>
    world.report(isPassed, 'a.example.com', 'db', minutesAgo / 60, runId);
  const names = async () =>
    (await readOpenRuns(world.owner.manager, 'all')).map(({ runId }) => runId);
  const now = () => Date.now();
  /** Removes based on what was read before `meanwhile`. */
  const removeAfter = async (meanwhile: () => Promise<unknown>, at = now()) => {
    const read = await readOpenRuns(world.checker.manager, 'all');
    await meanwhile();
    await removeOverRuns(world.checker.manager, read, at);
  };
  const nothing = () => Promise.resolve();

  it('are removed, and others are not', async () => {
    await report(null, 30, null);
    await report(true, 20, null);
    await report(null, 30, 'superseded');
    await report(null, 10, 'open');
    await removeAfter(nothing);
    expect(await names()).toEqual(['open']);
  });

  it('stay if another start was stored after they were read', async () => {
    await report(null, 30, null);
    await report(true, 20, null);
    await removeAfter(() => report(null, 10, null));
    expect(await names()).toEqual([null]);
  });

  it('stay while only a success in the future supersedes them, which an administrator may discount', async () => {
    await report(null, 30, 'a');
    await report(true, -10, null);
    await removeAfter(nothing);
    expect(await names()).toEqual(['a']);
    await removeAfter(nothing, now() + 3_600_000);
    expect(await names()).toEqual([]);
  });

  it('are skipped without waiting while another transaction writes them', async () => {
    await report(null, 30, null);
    await report(true, 20, null);
    const other = world.owner.createQueryRunner();
    await other.startTransaction();
    await removeAfter(() => other.query('UPDATE open_run SET starts = starts'));
    await other.rollbackTransaction();
    await other.release();
    expect(await names()).toEqual([null]);
  });
});
