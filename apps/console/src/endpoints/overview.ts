import {
  forecastDocument,
  forecastSchema,
  overviewDocument,
  overviewSchema,
} from '@backup-awareness/overview/documents';
import { forecast, judgeFleet } from '@backup-awareness/overview/judgement';
import { readFleetState, readProductState } from '@backup-awareness/overview/state';
import { z } from 'zod';
import { endpoint, type Endpoint } from '../http/endpoint.js';
import { Problem } from '../http/problem.js';
import { wholeText } from './fields.js';
import { readSnapshot } from './read-snapshot.js';

export const OVERVIEW_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/overview',
    summary: 'How all engines stand, and whether that is known',
    needs: 'viewer',
    schemas: {},
    answer: overviewSchema,
    handle: async ({ db }) => {
      const fleet = await readSnapshot(db, readFleetState);
      return overviewDocument(judgeFleet(fleet), fleet);
    },
  }),
  endpoint({
    method: 'GET',
    path: '/forecast',
    summary: 'Which engines turn too old, and when, if nothing more arrives',
    needs: 'viewer',
    schemas: { query: z.strictObject({ hours: wholeText(1, 8_760).default(48) }) },
    answer: forecastSchema,
    handle: async ({ db, query: { hours } }) => {
      const found = forecast(await readSnapshot(db, readProductState), hours);
      if (!found)
        throw new Problem(
          409,
          'nothing can be forecast: the time is unknown, or a setting unreadable',
        );
      return forecastDocument(found);
    },
  }),
];
