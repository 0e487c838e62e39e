import { randomUUID } from 'node:crypto';
import type { LiveEvent } from './live-event.js';

const KEPT = 1_000;

/** An event as it is sent, with its id. */
export interface SentEvent {
  readonly number: number;
  readonly text: string;
}

/**
 * The latest events of this replica. An id names the replica and the number of the event: a client that comes from another one, or whose
 * events are no longer kept, has to fetch everything.
 */
export class EventLog {
  private readonly replica = randomUUID();
  private readonly kept: SentEvent[] = [];
  private last = 0;

  add({ kind, data }: LiveEvent): SentEvent {
    const number = ++this.last;
    const text = `id: ${this.idOf(number)}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
    const event = { number, text };
    this.kept.push(event);
    if (this.kept.length > KEPT) this.kept.shift();
    return event;
  }

  /** The id of the latest event, with which a client resumes that has received none yet. */
  get lastId(): string {
    return this.idOf(this.last);
  }

  /** The events after that of this id; undefined if they are not known. */
  since(id: string): readonly SentEvent[] | undefined {
    const [, replica, digits] = /^([\w-]{36})\.(\d{1,15})$/.exec(id) ?? [];
    const number = Number(digits);
    const first = this.last - this.kept.length;
    if (replica !== this.replica || number < first || number > this.last) return undefined;
    return this.kept.slice(number - first);
  }

  private idOf(number: number): string {
    return `${this.replica}.${number}`;
  }
}
