import type { Endpoint } from '../http/endpoint.js';

export const AUDIT_ENDPOINTS: readonly Endpoint[] = [];
