import { Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { EventLog } from './event-log.js';
import { RESYNC, type LiveEvent } from './live-event.js';

export interface StreamsOptions {
  readonly pingMs?: number;
  readonly validateMs?: number;
  /** Called when the first stream begins, and after the last one has ended. */
  readonly onListeners?: (isAnybody: boolean) => void;
}

/** On which right a stream goes on. */
export interface Right {
  /** Equal for streams with the same right. */
  readonly key: string;
  /** Whose it is, by whatever token or session: for the limit. */
  readonly who: string;
  /** Whether it still is one. */
  readonly isValid: () => Promise<boolean>;
}

interface Stream {
  readonly response: ServerResponse;
  readonly right: Right;
}

/** An event, so that a page sees that the connection lives: scripts are not told of comments. It has no id, and so is never the last one. */
const PING = ': ping\nevent: ping\ndata: {}\n\n';
const PING_MS = 15_000;
const VALIDATE_MS = 5_000;
/** What a client that does not read may leave here: more than all events that it may have missed. The bytes of an event are shared by all. */
const UNREAD_BYTES_MAX = 512 * 1024;
export const STREAMS_MAX = 2_000;
/** So that one identity does not take the places of all. */
export const STREAMS_OF_ONE_MAX = 200;

/** The streams of this replica. Each event is written to all, and no client holds up another: one that does not read is cut. */
export class Streams {
  private readonly log = new Logger('streams');
  private readonly events = new EventLog();
  private readonly streams = new Set<Stream>();
  private readonly timers: NodeJS.Timeout[];
  private isClosed = false;
  private isValidating = false;

  constructor(private readonly options: StreamsOptions = {}) {
    const { pingMs = PING_MS, validateMs = VALIDATE_MS } = options;
    this.timers = [
      setInterval(() => this.write(PING), pingMs).unref(),
      setInterval(() => void this.endInvalid(), validateMs).unref(),
    ];
  }

  get count(): number {
    return this.streams.size;
  }

  get isFull(): boolean {
    return this.isClosed || this.streams.size >= STREAMS_MAX;
  }

  /** Whether one identity has as many streams as it may. */
  isFullFor(who: string): boolean {
    let count = 0;
    for (const { right } of this.streams) if (right.who === who) count++;
    return count >= STREAMS_OF_ONE_MAX;
  }

  /** Begins a stream, whose headers are sent already. @param lastEventId what the client has received last, if it says so */
  begin(response: ServerResponse, right: Right, lastEventId: string | undefined): void {
    const stream = { response, right };
    const end = () => {
      if (this.streams.delete(stream) && this.streams.size === 0) this.options.onListeners?.(false);
    };
    response.on('close', end);
    response.on('error', end);
    this.streams.add(stream);
    if (this.streams.size === 1) this.options.onListeners?.(true);
    const missed = lastEventId === undefined ? [] : this.events.since(lastEventId);
    // An id without data makes no event; with it a client resumes that has received none yet.
    const begun = `retry: 2000\nid: ${this.events.lastId}\n\n`;
    response.write(
      missed
        ? begun + missed.map(({ text }) => text).join('')
        : `${begun}event: ${RESYNC.kind}\ndata: {}\n\n`,
    );
  }

  send(event: LiveEvent): void {
    this.write(this.events.add(event).text);
  }

  /** Ends all streams; the clients connect again, to another replica. */
  close(): void {
    this.isClosed = true;
    this.timers.forEach((timer) => clearInterval(timer));
    for (const { response } of this.streams) response.end();
  }

  private write(text: string): void {
    const bytes = Buffer.from(text);
    for (const { response } of this.streams) {
      response.write(bytes);
      if (response.writableLength <= UNREAD_BYTES_MAX) continue;
      this.log.debug('a client does not read its events: its stream is cut');
      response.destroy();
    }
  }

  /** While it is unknown whether a right is valid, its streams go on. */
  private async endInvalid(): Promise<void> {
    if (this.isValidating) return;
    this.isValidating = true;
    const byKey = new Map<string, Stream[]>();
    for (const stream of this.streams) {
      const { key } = stream.right;
      byKey.set(key, [...(byKey.get(key) ?? []), stream]);
    }
    for (const streams of byKey.values()) {
      const isValid = await streams[0]!.right.isValid().catch(() => true);
      if (!isValid) for (const { response } of streams) response.end();
    }
    this.isValidating = false;
  }
}
