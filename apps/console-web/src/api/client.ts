import createClient, { type Middleware } from 'openapi-fetch';
import { Problem, type ProblemDocument } from './problem.js';
import type { paths } from './schema.js';

/** Proves that a change comes from this page; learned from `GET /session`. */
let csrfToken: string | null = null;

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

const ANSWER_WITHIN_MS = 30_000;

const proveOrigin: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrfToken !== null)
      request.headers.set('x-csrf-token', csrfToken);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return;
    const document = (await response
      .clone()
      .json()
      .catch(() => ({}))) as Partial<ProblemDocument>;
    throw new Problem(response.status, document);
  },
};

/** The console's API by its OpenAPI document. Rejects with `Problem` for an error it answers, with TypeError if it cannot be reached. */
export const api = createClient<paths>({
  baseUrl: '/api/v1',
  credentials: 'same-origin',
  // A console that hangs must not look like one that has nothing new.
  fetch: (request) =>
    fetch(request, {
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    }),
});
api.use(proveOrigin);
