import { ensureDatabaseReady, type Identity } from '@backup-awareness/database';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FailedSignIns, RecordedFailures } from '../access/failed-sign-ins.js';
import { identify, type Access } from '../access/identify.js';
import { serveOidc } from '../access/serve-oidc.js';
import { refusedPage } from '../access/refusal.js';
import { serveSignIn } from '../access/sign-in.js';
import { serveBadges } from '../badge/serve-badges.js';
import { ENDPOINTS } from '../endpoints/endpoints.js';
import { accepts, Streamed, type Endpoint } from './endpoint.js';
import { openApiDocument } from './open-api.js';
import { parsePart } from './parse-part.js';
import { Problem } from './problem.js';
import { problemOf } from './problem-of.js';
import { serveApiDocs } from './serve-api-docs.js';
import { securityHeaders } from './security-headers.js';
import { servePage } from './serve-page.js';

export const API = '/api/v1';

export interface Served extends Omit<Access, 'failedSignIns' | 'recordedFailures'> {
  /** The folder of the built page. */
  readonly page: string;
}

/** Serves API, sign-in and page. Must be called before the server listens. */
export function serveConsole(server: FastifyInstance, { page, ...parts }: Served): void {
  const { db, isOverTls, oidc } = parts;
  const access: Access = {
    ...parts,
    failedSignIns: new FailedSignIns(),
    recordedFailures: new RecordedFailures(),
  };
  const log = new Logger('console');
  const headers = Object.entries(securityHeaders(isOverTls));
  server.addHook('onRequest', async (request, reply) => {
    for (const [name, value] of headers) void reply.header(name, value);
    if (request.routeOptions.url === '/metrics') await identifyOrAnswer(request, reply);
  });
  const sendProblem = (error: unknown, reply: FastifyReply) => {
    const problem = problemOf(error, log);
    const { retryAfter } = problem.particulars;
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    return reply
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problem.document()));
  };
  const errorHandler = (error: unknown, _request: FastifyRequest, reply: FastifyReply) =>
    sendProblem(error, reply);

  /** A browser is led to the page, which says why in words; to other clients a redirection would look like a success. */
  const refuseSignIn = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    accepts(request, 'text/html')
      ? reply.header('cache-control', 'no-store').redirect(refusedPage(problemOf(error, log)), 303)
      : sendProblem(error, reply);

  async function identifyOrAnswer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      if (!db.isInitialized) await ensureDatabaseReady(db);
      await identify(request, access);
    } catch (error) {
      await sendProblem(error, reply);
    }
  }

  for (const one of ENDPOINTS)
    server.route({
      method: one.method,
      url: API + one.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      errorHandler,
      handler: (request, reply) => answer(one, request, reply, access),
    });
  serveSignIn(server, access, refuseSignIn);
  if (oidc) serveOidc(server, access, oidc, refuseSignIn);
  serveBadges(server, access, errorHandler);
  serveApiDocs(server, identifyOrAnswer);
  const document = JSON.stringify(openApiDocument(ENDPOINTS));
  server.get(`${API}/openapi.json`, { errorHandler }, async (request, reply) => {
    await identify(request, access);
    return reply.type('application/json').send(document);
  });
  server.all(`${API}/*`, { errorHandler }, async (request) => {
    await identify(request, access);
    throw new Problem(404, `there is no ${request.method} ${request.url.split('?')[0]}`);
  });
  server.all('/api/*', { errorHandler }, (request) => {
    throw new Problem(
      404,
      `there is no ${request.method} ${request.url.split('?')[0]}: the API is at ${API}`,
    );
  });
  servePage(server, page);
}

async function answer(
  { needs, schemas, handle, answer: schema }: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  access: Access,
): Promise<unknown> {
  const { db } = access;
  if (!db.isInitialized) await ensureDatabaseReady(db);
  const identity = needs === 'nobody' ? NOBODY : await identify(request, access);
  if (needs === 'operator' && identity.role !== 'operator')
    throw new Problem(403, `${identity.who} is a ${identity.role}; this needs the role operator`);
  const call = {
    db,
    access,
    identity,
    params: parsePart('path', schemas.params, request.params),
    query: parsePart('query', schemas.query, request.query),
    body: parsePart('body', schemas.body, request.body),
    request,
    reply,
  };
  const result = await handle(call as never);
  // It has taken the response over.
  if (reply.sent) return reply;
  void reply.header('cache-control', 'no-store');
  if (result instanceof Streamed) return reply.type(result.contentType).send(result.content);
  if (!schema) return reply.status(204).send();
  return reply.type('application/json').send(JSON.stringify(result));
}

const NOBODY: Identity = { who: 'nobody', role: 'viewer' };
