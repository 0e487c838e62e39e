import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How a server answers: with a status and headers, or never. */
export type Answer =
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
      /** Never ends its answer. */
      readonly isEndless?: boolean;
    }
  | 'nothing'
  /** Closes the connection without an answer. */
  | 'hang up';

export interface AnsweringServer {
  readonly url: string;
  /** All received requests, in order. */
  readonly received: ReceivedRequest[];
  /** Sets how to answer from now on. */
  answer(how: Answer | ((request: ReceivedRequest) => Answer)): void;
  /** The number of open connections. */
  connections(): number;
  close(): Promise<void>;
}

/** A third-party server whose answers the test sets. */
export async function answeringServer(): Promise<AnsweringServer> {
  const received: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let how: Answer | ((request: ReceivedRequest) => Answer) = { status: 200 };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const whole = { method, path: url, headers, body: Buffer.concat(parts).toString() };
      received.push(whole);
      reply(response, typeof how === 'function' ? how(whole) : how);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (next) => (how = next),
    connections: () => sockets.size,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === 'nothing') return;
  if (answer === 'hang up') {
    response.socket?.destroy();
    return;
  }
  response.sendDate = false;
  response.writeHead(answer.status, answer.headers);
  if (answer.isEndless) response.write('more is to come');
  else response.end(answer.body ?? '');
}
