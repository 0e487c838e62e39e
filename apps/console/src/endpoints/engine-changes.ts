import { addEngine, retireEngines, setEngineAlertPeriod } from '@backup-awareness/database';
import { z } from 'zod';
import { endpoint, type Endpoint } from '../http/endpoint.js';
import { unknownEngine } from './engines.js';
import { fqdnParams } from './fields.js';

const days = z.union([z.number(), z.string()], { error: 'a number of days' }).transform(String);

const addition = z.strictObject({
  outcome: z.enum(['added', 'revived', 'already_watched']),
  fqdn: z.string(),
  watched_since: z.iso.datetime(),
  broker_user: z.string().nullable(),
});

export const ENGINE_CHANGES: readonly Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/engines',
    summary: 'Monitor an engine, or resume monitoring a retired one',
    needs: 'operator',
    schemas: {
      body: z.strictObject({
        fqdn: z.string({ error: 'a host name' }),
        alert_period_days: days.optional(),
      }),
    },
    answer: addition,
    handle: async ({ db, identity: { who }, body }) => {
      const period = body.alert_period_days;
      const { outcome, fqdn, watchedSince, brokerUser } = await addEngine(db, {
        fqdn: body.fqdn,
        who,
        ...(period !== undefined && { alertPeriodDays: period }),
      });
      const since = watchedSince.toISOString();
      return { outcome, fqdn, watched_since: since, broker_user: brokerUser };
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/engines/{fqdn}',
    summary: "Set an engine's own maximum age of its last full backup; null: the general one",
    needs: 'operator',
    schemas: {
      params: fqdnParams,
      body: z.strictObject({ alert_period_days: days.nullable() }),
    },
    answer: z.strictObject({
      outcome: z.enum(['changed', 'unchanged']),
      fqdn: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
    }),
    handle: async ({ db, identity: { who }, params: { fqdn }, body }) => {
      const change = await setEngineAlertPeriod(db, { fqdn, days: body.alert_period_days, who });
      return change.outcome === 'unknown_engine' ? unknownEngine(fqdn) : change;
    },
  }),
  endpoint({
    method: 'POST',
    path: '/engines/{fqdn}/retirement',
    summary: 'Stop monitoring an engine; its reports are still stored',
    needs: 'operator',
    schemas: { params: fqdnParams },
    answer: z.strictObject({ outcome: z.enum(['retired', 'already_retired']), fqdn: z.string() }),
    handle: async ({ db, identity: { who }, params: { fqdn } }) => {
      const [retirement] = await retireEngines(db, { fqdns: [fqdn], who });
      return retirement!.outcome === 'unknown_engine' ? unknownEngine(fqdn) : retirement;
    },
  }),
];
