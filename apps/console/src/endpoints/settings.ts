import { isSettingName, SETTINGS } from '@backup-awareness/contracts';
import { readOptions, setOption } from '@backup-awareness/database';
import { z } from 'zod';
import { endpoint, type Endpoint } from '../http/endpoint.js';

const settingSchema = z.strictObject({
  name: z.string(),
  value: z.string(),
  default_value: z.string(),
  description: z.string(),
  /** Which values are valid. */
  expected: z.string(),
  changed_at: z.iso.datetime().nullable(),
});

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
    summary: 'Change a setting; it takes effect within two seconds',
    needs: 'operator',
    schemas: {
      params: z.strictObject({ name: z.string() }),
      body: z.strictObject({
        value: z.union([z.string(), z.number()], { error: 'a text or a number' }).transform(String),
      }),
    },
    answer: z.strictObject({
      outcome: z.enum(['changed', 'unchanged']),
      name: z.string(),
      from: z.string(),
      to: z.string(),
    }),
    handle: ({ db, identity: { who }, params: { name }, body: { value } }) =>
      setOption(db, { name, value, who }),
  }),
];
