import { eventually } from '@backup-awareness/testing';
import { get, type IncomingMessage } from 'node:http';
import type { ServedConsole } from './use-console.js';

/** An event as a browser would receive it. */
export interface ReceivedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: ReturnType<typeof JSON.parse>;
}

/** A client of `GET /events`. */
export interface ReceivedStream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly events: readonly ReceivedEvent[];
  /** All bytes so far. */
  readonly text: string;
  readonly lastId: string;
  readonly isEnded: boolean;
  /** Waits for an event that fits. */
  find(event: string, data?: object): Promise<ReceivedEvent>;
  close(): void;
}

export async function openStream(
  { url, operator }: Pick<ServedConsole, 'url' | 'operator'>,
  {
    token = operator,
    headers = {},
  }: { token?: string | null; headers?: Record<string, string> } = {},
): Promise<ReceivedStream> {
  const request = get(`${url}/api/v1/events`, {
    agent: false,
    headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
  });
  request.on('error', () => undefined);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
  let text = '';
  let isEnded = false;
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => (text += chunk));
  for (const end of ['end', 'close', 'error']) response.on(end, () => (isEnded = true));
  const blocks = () =>
    text
      .split('\n\n')
      .slice(0, -1)
      .map((block) => Object.fromEntries(block.split('\n').map(field)));
  const events = () =>
    blocks()
      .filter(({ data }) => data !== undefined)
      .map(({ id = '', event = '', data }) => ({ id, event, data: JSON.parse(data!) }));
  return {
    status: response.statusCode!,
    headers: response.headers,
    get events() {
      return events();
    },
    get text() {
      return text;
    },
    get lastId() {
      return blocks().findLast(({ id }) => id !== undefined)?.id ?? '';
    },
    get isEnded() {
      return isEnded;
    },
    find: async (event, data = {}) => {
      let found: ReceivedEvent | undefined;
      await eventually(() => {
        found = events().find((one) => one.event === event && holds(one.data, data));
        if (!found)
          throw new Error(`no ${event} ${JSON.stringify(data)} in ${JSON.stringify(events())}`);
      });
      return found!;
    },
    close: () => request.destroy(),
  };
}

function field(line: string): [string, string] {
  const at = line.indexOf(':');
  return [line.slice(0, at), line.slice(at + 2)];
}

function holds(data: Record<string, unknown>, wanted: object): boolean {
  return Object.entries(wanted).every(([key, value]) => data[key] === value);
}
