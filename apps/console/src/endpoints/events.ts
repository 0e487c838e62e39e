import { findToken, isSessionValid } from '@backup-awareness/database';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readSessionCookie } from '../access/session-cookie.js';
import { endpoint, type Call, type Endpoint } from '../http/endpoint.js';
import { Problem } from '../http/problem.js';
import { LIVE_EVENTS } from '../live/live-event.js';
import { STREAMS_OF_ONE_MAX, type Right } from '../live/streams.js';

/** As OpenAPI shows it: by the `event:` of each, the schema of its `data:`. */
const eventsSchema = z.union(
  Object.entries(LIVE_EVENTS).map(([kind, data]) =>
    z.strictObject({ id: z.string(), event: z.literal(kind), data }),
  ),
);

export const EVENT_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/events',
    summary:
      'Server-sent events: what has changed, once it can be fetched. With Last-Event-ID it goes on after that one, or begins with resync: ' +
      'then fetch everything that is shown. It ends with the session or the token',
    needs: 'viewer',
    schemas: {},
    answer: eventsSchema,
    contentType: 'text/event-stream',
    handle: (call) => {
      const { request, reply, access } = call;
      if (request.method !== 'GET') throw new Problem(405, 'a stream can only be read with GET');
      const { streams } = access.live;
      if (streams.isFull)
        throw new Problem(503, 'this replica serves as many streams as it can', { retryAfter: 10 });
      if (streams.isFullFor(call.identity.who))
        throw new Problem(
          429,
          `${call.identity.who} has as many streams as one may have at a replica, ${STREAMS_OF_ONE_MAX}`,
          { retryAfter: 10 },
        );
      const lastEventId = request.headers['last-event-id'];
      const right = rightOf(call);
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // nginx would keep events back.
        'x-accel-buffering': 'no',
      });
      streams.begin(reply.raw, right, lastEventId === undefined ? undefined : String(lastEventId));
    },
  }),
];

/** By what the client was identified. */
function rightOf({ db, request, access, identity: { who } }: Call): Right {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const session = readSessionCookie(request, access.isOverTls) ?? '';
  return {
    who,
    key: createHash('sha256')
      .update(JSON.stringify([token, token === undefined && session]))
      .digest('base64'),
    isValid: async () =>
      token === undefined
        ? isSessionValid(db, session)
        : (await findToken(db, token)) !== undefined,
  };
}
