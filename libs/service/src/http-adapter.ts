import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/**
 * A person may let a download wait for some minutes. A client that reads needs some kB a second: the kernel's buffer is filled again only
 * after much of it was read, and until then nothing moves here.
 */
const STALLED_MS = 5 * 60_000;

/**
 * The server of a service. Closes its connections when the service stops, and those on which nothing moves. Its routes cannot have schemas of
 * Fastify's.
 *
 * By default it would wait for a request in flight, and then for as long as the client keeps the connection open: more than a minute in
 * which the service neither works nor ends. And a client that reads no more of an answer would keep it here for ever.
 *
 * @param stalledMs after so long without a byte in either direction a connection is cut; an answer is then incomplete, as the client sees
 */
export function httpAdapter(stalledMs = STALLED_MS): FastifyAdapter {
  return new FastifyAdapter({
    forceCloseConnections: true,
    connectionTimeout: stalledMs,
    // What is refused before there is a route: its errors are problems, too (RFC 9457).
    frameworkErrors: (
      { statusCode = 400, message }: FastifyError,
      _: unknown,
      reply: FastifyReply,
    ) => reply.status(statusCode).type(PROBLEM_TYPE).send(problem(statusCode, message)),
    clientErrorHandler: refuseConnection,
    // In place of two compilers that Fastify would load into every service (tools/bundle-services.mjs leaves them out).
    schemaController: { compilersFactory: { buildValidator: refuse, buildSerializer: refuse } },
  });
}

const PROBLEM_TYPE = 'application/problem+json';

function problem(status: number, detail: string): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail });
}

/** Of a request that Node's parser refuses: what follows it cannot be told apart, so the connection ends. */
function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, detail] = UNREADABLE[error.code ?? ''] ?? [400, 'the request is not valid HTTP'];
  const body = problem(status, detail);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy(error);
}

/** By the code of Node's error. */
const UNREADABLE: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: [431, 'the headers of the request are too long'],
};

function refuse(): never {
  throw new Error('expected a route without a schema of Fastify’s: what comes is parsed by zod');
}
