import { isSettingName, isUnrestorable, parseSetting, SETTINGS } from '@backup-awareness/contracts';
import {
  acceptedValue,
  ChangedMeanwhile,
  readOptions,
  setOption,
} from '@backup-awareness/database';
import { z } from 'zod';
import { previewDocument, previewSchema } from '@backup-awareness/overview/documents';
import { proposedChange, readPreview } from '@backup-awareness/overview/judgement';
import { endpoint, type Endpoint } from '../http/endpoint.js';
import { badRequest, Problem } from '../http/problem.js';
import { readPast } from './read-snapshot.js';

const settingSchema = z
  .strictObject({
    name: z.string(),
    value: z.string(),
    default_value: z.string(),
    description: z.string(),
    /** Which values are valid. */
    expected: z.string(),
    changed_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Setting' });

const settingValue = z
  .union([z.string(), z.number()], { error: 'a text or a number' })
  .transform(String);

export const SETTING_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/settings',
    summary: 'All settings',
    needs: 'viewer',
    schemas: {},
    answer: z.array(settingSchema),
    handle: async ({ db }) =>
      (await readOptions(db)).flatMap(({ name, value, defaultValue, changedAt }) =>
        isSettingName(name)
          ? [
              {
                name,
                value,
                default_value: defaultValue,
                description: SETTINGS[name].description,
                expected: SETTINGS[name].expected,
                changed_at: changedAt?.toISOString() ?? null,
              },
            ]
          : [],
      ),
  }),
  endpoint({
    method: 'PUT',
    path: '/settings/{name}',
    summary:
      'Change a setting; it takes effect within two seconds. It is applied at once: only the page asks for a typed number before a change that switches the product off or raises many alerts',
    needs: 'operator',
    schemas: {
      params: z.strictObject({ name: z.string() }),
      body: z.strictObject({
        value: settingValue,
        /** The value that is changed; if it is another by now, nothing is (409). */
        from: settingValue.optional(),
        force: z.boolean({ error: 'true or false' }).default(false),
      }),
    },
    answer: z.strictObject({
      outcome: z.enum(['changed', 'unchanged']),
      name: z.string(),
      from: z.string(),
      to: z.string(),
    }),
    handle: ({ db, identity: { who }, params: { name }, body: { value, from, force } }) => {
      if (isUnrestorable(name, value) && !force)
        throw badRequest(
          'body.force',
          'true, since engine-backup cannot restore archives made with this value',
          'false',
        );
      return setOption(db, { name, value, who, from }).catch((error: unknown) => {
        throw error instanceof ChangedMeanwhile ? new Problem(409, error.message) : error;
      });
    },
  }),
  endpoint({
    method: 'POST',
    path: '/settings/preview',
    summary: 'What a change would do, now and in the last 30 days; nothing is changed',
    needs: 'viewer',
    schemas: {
      body: z.strictObject({ name: z.string({ error: 'a setting' }), value: settingValue }),
    },
    answer: previewSchema,
    handle: ({ db, body: { name, value } }) => {
      const change = proposedChange(name, acceptedValue(parseSetting(name, value)));
      if (!change)
        throw badRequest(
          'body.name',
          'a setting on which alerts about freshness depend',
          JSON.stringify(name),
        );
      return readPast(db, async (sql, basis) => {
        if (!basis.time.isKnown)
          throw new Problem(409, 'the time is unknown: the clock of the database is behind');
        return previewDocument((await readPreview(sql, basis, change))!);
      });
    },
  }),
];
