import { systemSchema } from '@backup-awareness/overview/documents';
import { endpoint, type Endpoint } from '../http/endpoint.js';

export const SYSTEM_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/system',
    summary:
      'Services, queues, lag, outbox, checker, notifier and versions; what does not answer within seconds is null, and unknown says why',
    needs: 'viewer',
    schemas: {},
    answer: systemSchema,
    handle: ({ access: { system } }) => system.read(),
  }),
];
