import type { ReportTimes } from './counted-at.js';
import type { ReportStep, Step } from './step.js';

/** When every history begins, by the database's clock. */
export const START = Date.UTC(2026, 10, 23, 12);

/** A message as its host has sent it. */
export interface Message {
  readonly id: string;
  readonly engine: number;
  readonly scope: string;
  readonly run: string | null;
  readonly status: -1 | 0 | 1;
  readonly doneAt: number;
  readonly sentAt: number | null;
  readonly firstReceivedAt: number | null;
  /** When the backup was done in truth. */
  readonly doneWallAt: number;
}

/** A message in the hands of ingest. */
export type Received = Message & ReportTimes;

/** A step with what the world made of it. */
export interface Happening {
  readonly step: Step;
  /** The database's clock after the step. */
  readonly at: number;
  /** The true time, which nobody in the history knows. */
  readonly wallAt: number;
  /** What ingest has received in it. */
  readonly received: readonly Received[];
}

/** Puts steps on the database's clock, and messages through the queue to ingest. Nothing is decided here. */
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
    // A restart gives back what was in work, so order is not to be relied on.
    const received = ingestRuns ? queue.reverse().map((message) => receive(message, at)) : [];
    if (ingestRuns) queue = [];
    return { step, at, wallAt, received };
  });
}

function messageOf(step: ReportStep, id: string, at: number, wallAt: number): Message {
  const { engine, scope, run, status, doneMsAgo, hostAheadMs, hasTimestamp, firstReceivedMsAgo } =
    step;
  const sentAt = at + hostAheadMs;
  return {
    id,
    engine,
    scope,
    run,
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
