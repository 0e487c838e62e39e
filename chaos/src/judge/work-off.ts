import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterQueue } from '@backup-awareness/contracts';
import type { Installation } from '../installation/installation.js';
import { plannedMessage } from '../load/plan-message.js';
import type { Load } from '../load/start-load.js';
import { depths } from './dead-letters.js';
import { judgeAlerts } from './judge-alerts.js';
import { judgeNotifications } from './judge-notifications.js';
import { countRows, KEEPERS } from './stored-rows.js';

/** Longer than a broker takes to notice that a consumer is dead, and than a standby takes to become leader. */
const STANDSTILL_MS = 15_000;
const EVERY_MS = 500;

/** Resolves when each message of a load is a row or a dead letter in both tables, or nothing has changed for a while. */
export async function reportsWorkedOff(installation: Installation, load: Load): Promise<void> {
  const { madeAt, refused } = load.spool();
  let originals = 0;
  for (const number of madeAt.keys()) {
    if (refused.has(number)) continue;
    if (plannedMessage(load.plan, number, madeAt).original === number) originals += 1;
  }
  await untilStandstill(async () => {
    const dead = await depths(
      installation,
      KEEPERS.map(({ queue }) => deadLetterQueue(queue)),
    );
    const rows = await Promise.all(
      KEEPERS.map((keeper) => countRows(installation, keeper, load.plan)),
    );
    const isDone = rows.every((count, i) => count + dead[i]! >= originals);
    return { isDone, state: `${rows} ${dead}` };
  });
}

/** Longer than the claim of a killed notifier lasts, and than it waits before it tries again. */
const NOTIFIED_STANDSTILL_MS = 200_000;

/** Resolves with what is wrong with the alerts and their notifications, once nothing is or nothing has changed for a while. */
export async function wrongAlerts(installation: Installation, load: Load): Promise<string[]> {
  const wrong = await untilNothingIsWrong(() => judgeAlerts(installation, load), STANDSTILL_MS);
  const { destinations } = installation;
  if (!destinations) return wrong;
  const judge = () => judgeNotifications(installation, destinations);
  return [...wrong, ...(await untilNothingIsWrong(judge, NOTIFIED_STANDSTILL_MS))];
}

async function untilNothingIsWrong(
  judge: () => Promise<string[]>,
  standstillMs: number,
): Promise<string[]> {
  let wrong: string[] = [];
  await untilStandstill(async () => {
    wrong = await judge();
    return { isDone: wrong.length === 0, state: wrong.join('\n') };
  }, standstillMs);
  return wrong;
}

interface Progress {
  readonly isDone: boolean;
  /** Changes whenever anything has changed. */
  readonly state: string;
}

async function untilStandstill(
  readProgress: () => Promise<Progress>,
  standstillMs = STANDSTILL_MS,
): Promise<void> {
  let last: string | undefined;
  let changedAtMs = performance.now();
  for (;;) {
    const { isDone, state } = await readProgress();
    if (isDone) return;
    if (state !== last) changedAtMs = performance.now();
    else if (performance.now() - changedAtMs > standstillMs) return;
    last = state;
    await sleep(EVERY_MS);
  }
}
