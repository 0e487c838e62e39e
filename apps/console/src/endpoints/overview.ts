import {
  forecastDocument,
  forecastSchema,
  overviewDocument,
  overviewSchema,
  type OverviewDocument,
  wallDocument,
  wallSchema,
} from '@backup-awareness/overview/documents';
import { forecast, judgeFleet } from '@backup-awareness/overview/judgement';
import { readProductState, type FleetState } from '@backup-awareness/overview/state';
import { z } from 'zod';
import { endpoint, type Endpoint } from '../http/endpoint.js';
import { Problem } from '../http/problem.js';
import { wholeText } from './fields.js';
import { readFleet } from './read-fleet.js';
import { readSnapshot } from './read-snapshot.js';

/** One for all who share a read. */
const overviews = new WeakMap<FleetState, OverviewDocument>();

export const OVERVIEW_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/overview',
    summary: 'How all engines stand, and whether that is known',
    needs: 'viewer',
    schemas: {},
    answer: overviewSchema,
    handle: async ({ db }) => {
      const fleet = await readFleet(db);
      const known = overviews.get(fleet) ?? overviewDocument(judgeFleet(fleet), fleet);
      overviews.set(fleet, known);
      return known;
    },
  }),
  endpoint({
    method: 'GET',
    path: '/wall',
    summary: 'All monitored engines in short, the worst first: name, standing, age as a share',
    needs: 'viewer',
    schemas: {},
    answer: wallSchema,
    handle: async ({ db }) => wallDocument(await readFleet(db)),
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
