import { setTimeout as sleep } from 'node:timers/promises';
import { localTime } from '../words/local-time.js';
import { reasonOf, Unreachable } from './failure.js';
import type { Output } from './output.js';

/** What is read and shown again and again. */
export interface Watched<T> {
  readonly seconds: number;
  readonly read: () => Promise<T>;
  readonly show: (found: T, out: Output) => void;
}

/**
 * Shows something now and every so many seconds, for ever. While it cannot be read it says so, and shows nothing that is older.
 *
 * @throws what `read` throws, unless something is unreachable
 */
export async function watch<T>({ seconds, read, show }: Watched<T>, out: Output): Promise<void> {
  for (let lastReadAt: Date | undefined; ; await sleep(seconds * 1_000)) {
    const found = await outcomeOf(read);
    const now = new Date();
    out.repaint((frame) => {
      frame.line(`${localTime(now)}, every ${seconds} s until Ctrl-C`, 'dim');
      if (found.isRead) return show(found.value, frame);
      frame.line(`Unknown: ${found.reason}`, 'red');
      frame.line(
        lastReadAt ? `It was last read at ${localTime(lastReadAt)}.` : 'It has not been read yet.',
      );
    });
    if (found.isRead) lastReadAt = now;
  }
}

/** The same as a stream of documents, one per line; `report` gets the reason where there is none. */
export async function watchDocuments(
  { seconds, read }: Omit<Watched<unknown>, 'show'>,
  out: Output,
  report: (reason: string) => void,
): Promise<void> {
  for (; ; await sleep(seconds * 1_000)) {
    const found = await outcomeOf(read);
    if (found.isRead) out.jsonLine(found.value);
    else report(found.reason);
  }
}

type Outcome<T> =
  | { readonly isRead: true; readonly value: T }
  | { readonly isRead: false; readonly reason: string };

async function outcomeOf<T>(read: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { isRead: true, value: await read() };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { isRead: false, reason: reasonOf(error) };
  }
}
