import type { ChannelModel } from 'amqplib';
import type { ShowProgress } from '../output/progress.js';
import { Unreachable } from '../output/failure.js';
import type { LastSuccess } from './last-successes.js';
import { reportOf } from './report-of.js';

const APP_ID = 'backup-awareness';
const AT_ONCE = 500;

/**
 * Publishes a report for each success, and resolves when the broker has confirmed all of them.
 *
 * @param options.clock the clock that has dated the successes: with the time of sending by the same clock, one that is ahead makes no
 * backup younger
 * @throws Unreachable that says how many are published
 */
export async function publishReports(
  connection: ChannelModel,
  brokerUser: string,
  successes: readonly LastSuccess[],
  { clock, show }: { readonly clock: () => Date; readonly show: ShowProgress },
): Promise<void> {
  const { eventMessage, publishConfirmed } = await import('@backup-awareness/messaging/publishing');
  for (let done = 0; done < successes.length; done += AT_ONCE) {
    const part = successes.slice(done, done + AT_ONCE);
    const messages = part.map((success) => eventMessage(reportOf(success), APP_ID, clock()));
    await publishConfirmed(connection, brokerUser, messages).catch((error: Error) => {
      throw new Unreachable(
        `${done} of ${successes.length} reports are published; run it again for the others: ${error.message}`,
        { cause: error },
      );
    });
    show(done + part.length, successes.length);
  }
}
