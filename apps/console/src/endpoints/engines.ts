import {
  enginesPageDocument,
  enginesPageSchema,
  engineSchema,
  enginesListDocument,
  explainAtDocument,
  explainAtSchema,
  explainDocument,
  explainSchema,
} from '@backup-awareness/overview/documents';
import { explainDecision, listEngines, verdictAt } from '@backup-awareness/overview/judgement';
import {
  readAlertsAt,
  readEngineHistory,
  readFleetState,
  readLatestReports,
  readProductState,
} from '@backup-awareness/overview/state';
import { coverageOf } from '@backup-awareness/freshness';
import { z } from 'zod';
import { endpoint, type Endpoint } from '../http/endpoint.js';
import { badRequest, Problem } from '../http/problem.js';
import { cursorOf, placeCursor } from './cursor.js';
import { fqdnParams, instantText, wholeText } from './fields.js';
import { readPast, readSnapshot } from './read-snapshot.js';

const VERDICTS = ['fresh', 'too_old', 'no_full_backup', 'unknown', 'retired'] as const;
const ORDERS = ['worst', 'fqdn', 'age'] as const;

const listQuery = z.strictObject({
  search: z.string().max(255, { error: 'at most 255 characters' }).optional(),
  verdict: z.enum(VERDICTS, { error: `one of ${VERDICTS.join(', ')}` }).optional(),
  sort: z.enum(ORDERS, { error: `one of ${ORDERS.join(', ')}` }).default('worst'),
  cursor: placeCursor.optional(),
  limit: wholeText(1, 1_000).default(100),
});

const coverageSchema = z.strictObject({
  fqdn: z.string(),
  /** Since when it is known; null: from the beginning. */
  can_tell_since: z.iso.datetime().nullable(),
  spans: z.array(
    z.strictObject({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      cover: z.enum(['covered', 'uncovered', 'unwatched']),
    }),
  ),
});

const DAY_MS = 86_400_000;
const COVERAGE_DAYS = 90;

export const ENGINE_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/engines',
    summary: 'Engines, page by page; retired ones only with verdict=retired',
    needs: 'viewer',
    schemas: { query: listQuery },
    answer: enginesPageSchema,
    handle: async ({ db, query: { cursor, ...query } }) => {
      const fleet = await readSnapshot(db, readFleetState);
      const page = listEngines(fleet, { ...query, after: cursor });
      return enginesPageDocument(page, fleet, page.next && cursorOf(page.next));
    },
  }),
  endpoint({
    method: 'GET',
    path: '/engines/{fqdn}',
    summary: 'One engine: its verdict, and the facts behind it',
    needs: 'viewer',
    schemas: { params: fqdnParams },
    answer: engineSchema,
    handle: async ({ db, params: { fqdn } }) => {
      const [engine] = enginesListDocument(
        await readSnapshot(db, (sql) => readProductState(sql, fqdn)),
      );
      return engine ?? unknownEngine(fqdn);
    },
  }),
  endpoint({
    method: 'GET',
    path: '/engines/{fqdn}/explanation',
    summary:
      'The present decision about an engine and its reason; with at= its verdict at that instant',
    needs: 'viewer',
    schemas: { params: fqdnParams, query: z.strictObject({ at: instantText.optional() }) },
    answer: z.union([explainSchema, explainAtSchema]),
    handle: ({ db, params: { fqdn }, query: { at } }) =>
      at === undefined
        ? readSnapshot(db, async (sql) => {
            const product = await readProductState(sql, fqdn);
            const engine = product.engines[0] ?? unknownEngine(fqdn);
            const reports = await readLatestReports(sql, fqdn);
            const explanation = explainDecision(engine, product);
            return explainDocument({ product, engine, reports, explanation }, NO_WORDS);
          })
        : readPast(db, async (sql, basis) => {
            if (at.getTime() > basis.now)
              throw badRequest('query.at', 'an instant in the past', at.toISOString());
            const known = (await readEngineHistory(sql, basis, fqdn)) ?? unknownEngine(fqdn);
            const verdict = verdictAt(known, basis, at.getTime());
            const alerts = await readAlertsAt(sql, fqdn, at.getTime());
            return explainAtDocument({ fqdn, verdict, alerts }, NO_WORDS);
          }),
  }),
  endpoint({
    method: 'GET',
    path: '/engines/{fqdn}/coverage',
    summary: 'Covered and uncovered stretches of time, of the last 90 days unless given',
    needs: 'viewer',
    schemas: {
      params: fqdnParams,
      query: z.strictObject({ from: instantText.optional(), to: instantText.optional() }),
    },
    answer: coverageSchema,
    handle: ({ db, params: { fqdn }, query }) =>
      readPast(db, async (sql, basis) => {
        const known = (await readEngineHistory(sql, basis, fqdn)) ?? unknownEngine(fqdn);
        const until = Math.min(query.to?.getTime() ?? basis.now, basis.now);
        const wanted = query.from?.getTime() ?? until - COVERAGE_DAYS * DAY_MS;
        if (wanted > until)
          throw badRequest('query.from', 'an instant before to, in the past', String(query.from));
        const from = Math.min(until, Math.max(wanted, known.knownSinceAt ?? wanted));
        const { spans } = coverageOf(known.history, basis.settings, { from, until });
        const utc = (instant: number) => new Date(instant).toISOString();
        return coverageSchema.parse({
          fqdn,
          can_tell_since: known.knownSinceAt === null ? null : utc(known.knownSinceAt),
          spans: spans.map((span) => ({
            from: utc(span.from),
            until: utc(span.until),
            cover: span.cover,
          })),
        });
      }),
  }),
];

/** Sentences are made by the page, of the kinds and instants beside them. */
const NO_WORDS = '';

export function unknownEngine(fqdn: string): never {
  throw new Problem(404, `unknown engine ${JSON.stringify(fqdn)}`, {
    path: 'path.fqdn',
    expected: 'an engine of GET /engines',
    got: JSON.stringify(fqdn),
  });
}
