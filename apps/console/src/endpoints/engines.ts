import {
  enginesPageDocument,
  enginesPageSchema,
  engineReportsDocument,
  engineReportsSchema,
  engineSchema,
  enginesListDocument,
  explainAtDocument,
  explainAtSchema,
  explainDocument,
  explainSchema,
} from '@backup-awareness/overview/documents';
import {
  explainDecision,
  listEngines,
  verdictAt,
  whatComesNext,
} from '@backup-awareness/overview/judgement';
import {
  isKnownEngine,
  readAlertsAt,
  readEngineEvidence,
  readEngineHistory,
  readEngineReports,
  readLatestReports,
  readProductState,
} from '@backup-awareness/overview/state';
import { coverageOf } from '@backup-awareness/freshness';
import { z } from 'zod';
import { endpoint, type Endpoint } from '../http/endpoint.js';
import { badRequest, Problem } from '../http/problem.js';
import { cursorOf, cursorText } from './cursor.js';
import { fqdnParams, instantText, wholeText } from './fields.js';
import { fleetAnswer } from './fleet-answer.js';
import { readFleet } from './read-fleet.js';
import { readPast, readSnapshot } from './read-snapshot.js';

const VERDICTS = ['fresh', 'too_old', 'no_full_backup', 'unknown', 'retired'] as const;
const ORDERS = ['worst', 'fqdn', 'age'] as const;

/** An age as a share of what is allowed: 1 is the limit. */
const SHARE_EXPECTED = { error: 'a decimal number as 0.5; 1 is the limit' };
const shareText = z
  .string(SHARE_EXPECTED)
  .regex(/^\d{1,6}(\.\d{1,6})?$/, SHARE_EXPECTED)
  .transform(Number);

const listQuery = z.strictObject({
  search: z.string().max(255, { error: 'at most 255 characters' }).optional(),
  verdict: z.enum(VERDICTS, { error: `one of ${VERDICTS.join(', ')}` }).optional(),
  share_from: shareText.optional(),
  share_below: shareText.optional(),
  sort: z.enum(ORDERS, { error: `one of ${ORDERS.join(', ')}` }).default('worst'),
  cursor: cursorOf(
    z.strictObject({ group: z.number(), rank: z.number(), fqdn: z.string() }),
  ).optional(),
  limit: wholeText(1, 1_000).default(100),
});

const reportsQuery = z.strictObject({
  from: instantText.optional(),
  to: instantText.optional(),
  cursor: cursorOf(z.strictObject({ doneAt: z.iso.datetime(), eventId: z.string() })).optional(),
  limit: wholeText(1, 1_000).default(100),
});

const coverageSchema = z
  .strictObject({
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
  })
  .meta({ id: 'Coverage' });

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
    handle: async ({ db, query }) => {
      const fleet = await readFleet(db);
      return fleetAnswer(fleet, ['engines', query], () => {
        const { cursor, share_from, share_below, ...selection } = query;
        const share = { shareFrom: share_from, shareBelow: share_below };
        const page = listEngines(fleet, { ...selection, ...share, after: cursor });
        return enginesPageDocument(page, fleet, page.next && cursorText(page.next));
      });
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
            const next = whatComesNext(engine, product, explanation);
            const evidence = await readEngineEvidence(sql, engine);
            return explainDocument(
              { product, engine, reports, explanation, next, evidence },
              NO_WORDS,
            );
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
    path: '/engines/{fqdn}/reports',
    summary: "An engine's reports, page by page, the newest by the host's clock first",
    needs: 'viewer',
    schemas: { params: fqdnParams, query: reportsQuery },
    answer: engineReportsSchema,
    handle: ({ db, params: { fqdn }, query: { cursor, limit, from, to } }) =>
      readSnapshot(db, async (sql) => {
        if (!(await isKnownEngine(sql, fqdn))) unknownEngine(fqdn);
        const query = { fqdn, from, to, after: cursor, limit };
        const { reports, next } = await readEngineReports(sql, query);
        return engineReportsDocument(reports, next && cursorText(next));
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
