import { errorText, withCredentials } from '@backup-awareness/contracts/plain';
import { brokerUserName, virtualHostOf, type BrokerTls } from '@backup-awareness/messaging';
import {
  DeadLetterSearchStopped,
  discardLetters,
  findDeadLetter,
  LETTER_QUEUE_NAMES,
  listDeadLetters,
  replayLetters,
  type DeadLetter,
  type LetterSource,
  type LettersToSettle,
  type NotReplayed,
  type TakenLetter,
} from '@backup-awareness/messaging/dead-letters';
import { publishConfirmed } from '@backup-awareness/messaging/publishing';
import { onBroker } from '@backup-awareness/messaging/session';
import type { ChannelModel } from 'amqplib';
import { Problem } from '../http/problem.js';

export interface LettersOptions {
  readonly amqpUrl: string;
  readonly readTls: () => BrokerTls;
  /** Of the broker user `replay`. */
  readonly replayPassword: string | undefined;
}

/** Each waits for the one before it, and has a connection meanwhile. */
const WORKING_MAX = 10;

/** A reading that lasts longer hangs, and is shared no more. */
const READING_MAX_MS = 60_000;

/** How much may be read; others for a spec. */
export const LIMITS = {
  /** Beyond that of one queue, the rest is not shown: all that were read are taken from their queue until the end, which the broker limits to a minute. */
  listed: 2_000,
  /** All letters may be read for one that is not listed; a viewer's search is stopped after so long. */
  searchMs: 10_000,
  /**
   * After letters were read, how long the list is shared, or viewers wait: at least a multiple of the time that it took, in which nobody
   * else could work with the letters. Each reading of a letter also counts as a delivery, of which the broker allows a million.
   */
  pauses: {
    list: { leastMs: 2_000, times: 2 },
    listed: { leastMs: 1_000, times: 2 },
    unlisted: { leastMs: 30_000, times: 10 },
  },
};

/** What was read of the dead letters. */
export interface ListedLetters {
  readonly letters: readonly DeadLetter[];
  /** False: a queue has more than are read at once. */
  readonly isComplete: boolean;
}

/** The dead letters at the broker, each time on a connection of its own: while one is open, nobody else can work with them. */
export class Letters {
  private latest: { staleAt: number; readonly listed: Promise<ListedLetters> } | undefined;

  private working = 0;
  private readonly nextForViewerAt = { listed: 0, unlisted: 0 };
  private isFindingForViewer = false;

  constructor(
    private readonly options: LettersOptions,
    private readonly limits = LIMITS,
  ) {}

  /** At most `LIMITS.listed` of each queue. All who ask meanwhile or soon after share one reading. @throws Problem 503 */
  async list(): Promise<ListedLetters> {
    const beganAt = performance.now();
    if (!this.latest || beganAt > this.latest.staleAt) {
      const atMost = this.limits.listed;
      const listed = this.work((source) => listDeadLetters(source, atMost)).then((letters) => ({
        letters,
        isComplete: isComplete(letters, atMost),
      }));
      const latest = { staleAt: beganAt + READING_MAX_MS, listed };
      this.latest = latest;
      listed.then(
        () => {
          const endedAt = performance.now();
          latest.staleAt = endedAt + pauseAfter(endedAt - beganAt, this.limits.pauses.list);
        },
        // What failed is tried again by who asks next.
        () => (this.latest = undefined),
      );
    }
    return this.latest.listed;
  }

  /**
   * A letter that a viewer asks for is looked for in the shared list first, and then at the broker, with a pause after each; one that is not
   * listed because there are too many only for some seconds, and with a long pause.
   *
   * @throws Problem 503
   */
  async find(id: string, role: 'viewer' | 'operator'): Promise<TakenLetter | undefined> {
    if (role === 'operator') return this.work((source) => findDeadLetter(source, id));
    const { letters, isComplete } = await this.list();
    const place = letters.some((letter) => letter.id === id) ? 'listed' : 'unlisted';
    if (place === 'unlisted' && isComplete) return undefined;
    const waitMs = this.nextForViewerAt[place] - performance.now();
    if (this.isFindingForViewer || waitMs > 0) throw comeAgain(FINDING_FOR_VIEWERS[place], waitMs);
    this.isFindingForViewer = true;
    const pause = this.limits.pauses[place];
    let pauseMs = pause.leastMs;
    const options = {
      ...(place === 'unlisted' && { withinMs: this.limits.searchMs }),
      onHeld: (ms: number) => (pauseMs = pauseAfter(ms, pause)),
    };
    return this.work((source) => findDeadLetter(source, id, options))
      .catch((error: unknown) => {
        if (!(error instanceof DeadLetterSearchStopped)) throw error;
        throw comeAgain(`${error.message}; an operator can look at all of them`, pauseMs);
      })
      .finally(() => {
        this.isFindingForViewer = false;
        this.nextForViewerAt[place] = performance.now() + pauseMs;
      });
  }

  /** @throws Problem 503, or 409 where nobody can publish as `replay` */
  async replay(letters: LettersToSettle): Promise<NotReplayed[]> {
    const { amqpUrl, replayPassword } = this.options;
    if (replayPassword === undefined)
      throw new Problem(
        409,
        'REPLAY_AMQP_PASSWORD is not set: only the broker user replay may say who sent a message and when it first arrived',
      );
    const user = brokerUserName(virtualHostOf(amqpUrl), 'replay');
    const url = withCredentials(amqpUrl, user, replayPassword);
    return this.settle((source) =>
      this.connected(url, (connection) =>
        replayLetters(source, letters, (messages) => publishConfirmed(connection, user, messages)),
      ),
    );
  }

  /** @throws Problem 503 */
  async discard(letters: LettersToSettle): Promise<void> {
    return this.settle((source) => discardLetters(source, letters));
  }

  private async settle<T>(work: (source: LetterSource) => Promise<T>): Promise<T> {
    return this.work(work).finally(() => (this.latest = undefined));
  }

  private async work<T>(work: (source: LetterSource) => Promise<T>): Promise<T> {
    const { amqpUrl } = this.options;
    const vhost = virtualHostOf(amqpUrl);
    const own = decodeURIComponent(new URL(amqpUrl).username);
    // Where all services share one user it is also this one.
    const named = (user: 'ingest' | 'audit') => [brokerUserName(vhost, user), own];
    const users = {
      services: { ingest: named('ingest'), audit: named('audit') },
      replay: brokerUserName(vhost, 'replay'),
    };
    if (this.working >= WORKING_MAX)
      throw new Problem(503, 'too many are working with the dead letters', { retryAfter: 5 });
    this.working++;
    return this.connected(amqpUrl, (connection) => work({ connection, users })).finally(
      () => this.working--,
    );
  }

  private async connected<T>(
    url: string,
    work: (connection: ChannelModel) => Promise<T>,
  ): Promise<T> {
    let lostBecause: Error | undefined;
    try {
      return await onBroker(
        url,
        'console dead letters',
        async (connection) => {
          connection.on('error', (error: Error) => (lostBecause = error));
          return work(connection);
        },
        this.options.readTls(),
      );
    } catch (error) {
      throw problemOfBroker(error, lostBecause);
    }
  }
}

function pauseAfter(
  tookMs: number,
  { leastMs, times }: { readonly leastMs: number; readonly times: number },
): number {
  return Math.max(leastMs, times * tookMs);
}

/** What a viewer is told who has to wait. */
const FINDING_FOR_VIEWERS = {
  listed: 'letters are looked at for one viewer at a time',
  unlisted:
    'letters that are not listed are looked for for one viewer at a time, with a pause after each',
};

function comeAgain(why: string, waitMs: number): Problem {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1_000));
  return new Problem(503, `${why}: try again in ${retryAfter} s`, { retryAfter });
}

function isComplete(letters: readonly DeadLetter[], atMost: number): boolean {
  return LETTER_QUEUE_NAMES.every(
    (name) => letters.filter(({ queue }) => queue === name).length < atMost,
  );
}

function problemOfBroker(error: unknown, lostBecause: Error | undefined): unknown {
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: unknown };
  if (name === 'DeadLettersInUse') return new Problem(503, errorText(error), { retryAfter: 5 });
  // The broker closes a channel with a number.
  const isBrokers = typeof code === 'number' || name === 'NotConfirmed';
  const reason = name === 'NotConnected' ? cause : isBrokers ? error : lostBecause;
  return reason === undefined
    ? error
    : new Problem(503, `the broker cannot be used: ${errorText(reason)}`, { retryAfter: 5 });
}
