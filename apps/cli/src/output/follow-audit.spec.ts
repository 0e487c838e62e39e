import type { ListedAudit } from '@backup-awareness/database';
import { followAudit } from './follow-audit.js';

const row = (id: number) => ({ audit_log_id: String(id) }) as ListedAudit;

/** Follows a log that grows by one step with each reading, and returns what was shown. */
async function shownOf(steps: readonly (readonly number[])[], limit: number): Promise<number[]> {
  const stop = new AbortController();
  const shown: number[] = [];
  const ids: number[] = [];
  const left = [...steps];
  const list = ({ after, limit: most }: { after?: string | undefined; limit: number }) => {
    const step = left.shift() ?? [];
    // 0: another database, which has only the rest.
    if (step[0] === 0) ids.length = 0;
    ids.push(...step.filter((id) => id > 0));
    ids.sort((a, b) => a - b);
    if (left.length === 0) stop.abort();
    const rows = after === undefined ? ids.slice(-most) : ids.filter((id) => id > Number(after));
    return Promise.resolve(rows.slice(0, most).map(row));
  };
  const show = ({ audit_log_id: id }: ListedAudit) => shown.push(Number(id));
  const onReplaced = () => shown.push(0);
  await followAudit(list, { limit, show, onReplaced, signal: stop.signal }).catch(
    (error: Error) => {
      if (error.name !== 'AbortError') throw error;
    },
  );
  return shown;
}

test('the newest rows are shown first, and then each new one once', async () => {
  expect(await shownOf([[1, 2, 3], [4], [], [5, 6]], 2)).toEqual([2, 3, 4, 5, 6]);
});

test('a row that becomes visible after one with a later id is shown too', async () => {
  expect(await shownOf([[1, 2, 5], [6], [3, 4]], 10)).toEqual([1, 2, 5, 6, 3, 4]);
});

test('an empty log is followed', async () => {
  expect(await shownOf([[], [], [1]], 10)).toEqual([1]);
});

test('rows that arrive faster than they are read are all shown', async () => {
  const many = Array.from({ length: 12_000 }, (_, index) => index + 2);
  expect(await shownOf([[1], many, [], [], []], 1)).toEqual([1, ...many]);
});

test('a log that was restored from a backup is followed from its newest rows on, and that is said', async () => {
  // Read twice: to find that it was replaced, and again from the beginning.
  expect(await shownOf([[7, 8, 9], [10], [0, 1, 2], [], [3], []], 2)).toEqual([
    8, 9, 10, 0, 1, 2, 3,
  ]);
});
