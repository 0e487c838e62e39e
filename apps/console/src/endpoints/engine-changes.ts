import {
  addEngine,
  RefusedError,
  retireEngines,
  setEngineAlertPeriod,
  setEngineBrokerUser,
} from '@backup-awareness/database';
import { z } from 'zod';
import { endpoint, type Endpoint } from '../http/endpoint.js';
import { badRequest } from '../http/problem.js';
import { unknownEngine } from './engines.js';
import { fqdnParams } from './fields.js';

const days = z.union([z.number(), z.string()], { error: 'a number of days' }).transform(String);

const addition = z
  .strictObject({
    outcome: z.enum(['added', 'revived', 'already_watched']),
    fqdn: z.string(),
    watched_since: z.iso.datetime(),
    broker_user: z.string().nullable(),
  })
  .meta({ id: 'EngineAddition' });

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
      }).catch(refuseAsAsked);
      const since = watchedSince.toISOString();
      return { outcome, fqdn, watched_since: since, broker_user: brokerUser };
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/engines/{fqdn}',
    summary:
      "Set an engine's own maximum age of its last full backup (null: the general one), or the only broker user that may report about it " +
      '(null: any may); the user itself is set up in the broker',
    needs: 'operator',
    schemas: {
      params: fqdnParams,
      body: z
        .strictObject({
          alert_period_days: days.nullable().optional(),
          broker_user: z.string({ error: 'the name of a broker user' }).nullable().optional(),
        })
        .refine((body) => Object.values(body).filter((one) => one !== undefined).length === 1, {
          error: 'either alert_period_days or broker_user',
        }),
    },
    answer: z.strictObject({
      outcome: z.enum(['changed', 'unchanged']),
      fqdn: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
    }),
    handle: async ({ db, identity: { who }, params: { fqdn }, body }) => {
      const { alert_period_days: period, broker_user: brokerUser = null } = body;
      const change =
        period === undefined
          ? await setEngineBrokerUser(db, { fqdn, brokerUser, who })
          : await setEngineAlertPeriod(db, { fqdn, days: period, who }).catch(refuseAsAsked);
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

/** The period of an engine is a value of a setting, which has another name in the request. */
function refuseAsAsked(error: unknown): never {
  if (!(error instanceof RefusedError) || error.invalid.path !== 'BackupAlertPeriodInDays')
    throw error;
  const { expected, got } = error.invalid;
  throw badRequest('body.alert_period_days', expected, got);
}
