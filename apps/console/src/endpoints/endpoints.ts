import type { Endpoint } from '../http/endpoint.js';
import { ALERT_ENDPOINTS } from './alerts.js';
import { AUDIT_ENDPOINTS } from './audit.js';
import { DEAD_LETTER_ENDPOINTS } from './dead-letters.js';
import { ENGINE_CHANGES } from './engine-changes.js';
import { ENGINE_ENDPOINTS } from './engines.js';
import { EVENT_ENDPOINTS } from './events.js';
import { OVERVIEW_ENDPOINTS } from './overview.js';
import { REPORT_ENDPOINTS } from './reports.js';
import { SESSION_ENDPOINTS } from './session.js';
import { SETTING_ENDPOINTS } from './settings.js';
import { SYSTEM_ENDPOINTS } from './system.js';

/** The whole API. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...OVERVIEW_ENDPOINTS,
  ...ENGINE_ENDPOINTS,
  ...ENGINE_CHANGES,
  ...ALERT_ENDPOINTS,
  ...AUDIT_ENDPOINTS,
  ...SETTING_ENDPOINTS,
  ...REPORT_ENDPOINTS,
  ...DEAD_LETTER_ENDPOINTS,
  ...SYSTEM_ENDPOINTS,
  ...EVENT_ENDPOINTS,
  ...SESSION_ENDPOINTS,
];
