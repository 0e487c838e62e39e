import {
  forecastDocument,
  forecastSchema,
  overviewDocument,
  overviewSchema,
  wallDocument,
  wallSchema,
} from '@backup-awareness/overview/documents';
import { forecast, judgeFleet } from '@backup-awareness/overview/judgement';
import { z } from 'zod';
import { compressed } from '../http/compressed.js';
import { endpoint, type Endpoint } from '../http/endpoint.js';
import { Problem } from '../http/problem.js';
import { wholeText } from './fields.js';
import { fleetAnswer } from './fleet-answer.js';
import { readFleet } from './read-fleet.js';

const forecastQuery = z.strictObject({
  hours: wholeText(1, 8_760).default(48),
  /** How many engines are listed at most; all unless given. */
  limit: wholeText(0, 100_000).optional(),
});

export const OVERVIEW_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/overview',
    summary: 'How all engines stand, and whether that is known',
    needs: 'viewer',
    schemas: {},
    answer: overviewSchema,
    handle: async ({ db, access }) => {
      const fleet = await readFleet(db);
      const broker = access.broker();
      return fleetAnswer(fleet, ['overview', broker], () =>
        overviewDocument(judgeFleet(fleet, broker), fleet),
      );
    },
  }),
  endpoint({
    method: 'GET',
    path: '/wall',
    summary: 'All monitored engines in short, the worst first: name, standing, age as a share',
    needs: 'viewer',
    schemas: {},
    answer: wallSchema,
    handle: async ({ db, request, reply }) => {
      const fleet = await readFleet(db);
      const answer = fleetAnswer(fleet, ['wall'], () => wallDocument(fleet));
      return compressed(answer, request, reply);
    },
  }),
  endpoint({
    method: 'GET',
    path: '/forecast',
    summary:
      'Which engines turn too old, and when, if nothing more arrives; with limit= by_hour counts all of them too',
    needs: 'viewer',
    schemas: { query: forecastQuery },
    answer: forecastSchema,
    handle: async ({ db, query: { hours, limit } }) => {
      const fleet = await readFleet(db);
      return fleetAnswer(fleet, ['forecast', hours, limit], () => {
        const found = forecast(fleet, hours);
        if (!found)
          throw new Problem(
            409,
            'nothing can be forecast: the time is unknown, or a setting unreadable',
          );
        return forecastDocument(found, limit);
      });
    },
  }),
];
