import type { ReportTimes } from './counted-at.js';
import type { ReportStep, Step } from './step.js';

/** When each history begins, by the database's clock. */
export const START = Date.UTC(2026, 10, 23, 12);

/** A message as its host sent it. */
export interface Message {
  readonly id: string;
  readonly engine: number;
  readonly scope: string;
  readonly status: -1 | 0 | 1;
  readonly doneAt: number;
  readonly sentAt: number | null;
  readonly firstReceivedAt: number | null;
  /** When the backup was done by the true time. */
  readonly doneWallAt: number;
}

/** A message that ingest has received. */
export type Received = Message & ReportTimes;

/** A step with its effects on time and messages. */
export interface Happening {
  readonly step: Step;
  /** The database's clock after the step. */
  readonly at: number;
  /** The true time, which nothing in the history knows. */
  readonly wallAt: number;
  /** What ingest received in this step. */
  readonly received: readonly Received[];
}

/** Dates steps by the database's clock, and takes messages through the queue to ingest. It decides nothing. */
export function timeline(steps: readonly Step[]): Happening[] {
  const sent: Message[] = [];
  let queue: Message[] = [];
  let ingestRuns = true;
  let at = START;
  let wallAt = START;
  return steps.map((step) => {
    if (step.what === 'clock' || step.what === 'clock moved') at += step.byMs;
    if (step.what === 'clock') wallAt += step.byMs;
    if (step.what === 'ingest stops') ingestRuns = false;
    if (step.what === 'ingest starts') ingestRuns = true;
    if (step.what === 'report') {
      const message = messageOf(step, `report-${sent.length}`, at, wallAt);
      sent.push(message);
      queue.push(message);
    }
    if (step.what === 'report again') {
      const message = sent[step.nth % Math.max(1, sent.length)];
      if (message)
        queue.push(
          step.altered ? { ...message, status: 1, doneAt: at, doneWallAt: wallAt } : message,
        );
    }
    // A restart requeues unacknowledged messages, so the order is not reliable.
    const received = ingestRuns ? queue.reverse().map((message) => receive(message, at)) : [];
    if (ingestRuns) queue = [];
    return { step, at, wallAt, received };
  });
}

function messageOf(step: ReportStep, id: string, at: number, wallAt: number): Message {
  const { engine, scope, status, doneMsAgo, hostAheadMs, hasTimestamp, firstReceivedMsAgo } = step;
  const sentAt = at + hostAheadMs;
  return {
    id,
    engine,
    scope,
    status,
    doneAt: sentAt - doneMsAgo,
    sentAt: hasTimestamp ? sentAt : null,
    firstReceivedAt: firstReceivedMsAgo === null ? null : at - firstReceivedMsAgo,
    doneWallAt: wallAt - doneMsAgo,
  };
}

function receive(message: Message, at: number): Received {
  return { ...message, receivedAt: Math.min(message.firstReceivedAt ?? at, at) };
}
