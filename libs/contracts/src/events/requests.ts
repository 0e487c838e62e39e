import { z } from 'zod';
import { activeAlertsExample, activeAlertsPart } from './active-alerts.js';
import type { BackupSettingsAnswer } from './backup-settings-requested.js';
import { EXCLUDED_TABLES } from '../settings.js';
import {
  ACTIVE_ALERTS_REQUESTED,
  ALERT_REQUESTS_EXCHANGE,
  ENGINE_BACKUP_EXCHANGE,
  SETTINGS_REQUESTED,
} from '../topology/topology.js';

/** A request with direct reply-to, in one place, for documents. Its body is ignored. */
export interface RequestDescription {
  readonly name: string;
  readonly summary: string;
  readonly exchange: string;
  /** One message of the answer. */
  readonly answer: z.ZodType;
  readonly example: unknown;
}

const backupSettingsAnswer = z.object({
  BackupExcludedTables: z
    .array(z.string())
    .optional()
    .meta({ description: 'The tables to exclude; absent if the stored setting is invalid.' }),
  BackupExcludeMode: z
    .enum(['data', 'table'])
    .optional()
    .meta({ description: 'How to exclude them; absent if the stored setting is invalid.' }),
  error: z.string().optional().meta({ description: 'Why the stored settings are refused.' }),
  engines: z
    .array(z.string())
    .optional()
    .meta({ description: 'The only engines about which this broker user may report.' }),
});

const backupSettingsExample: BackupSettingsAnswer = {
  BackupExcludedTables: EXCLUDED_TABLES,
  BackupExcludeMode: 'data',
  engines: ['engine.example.com'],
};

export const REQUESTS: readonly RequestDescription[] = [
  {
    name: ACTIVE_ALERTS_REQUESTED,
    summary: 'Another component asks which alerts are active; the answer comes in parts',
    exchange: ALERT_REQUESTS_EXCHANGE,
    answer: activeAlertsPart,
    example: activeAlertsExample,
  },
  {
    name: SETTINGS_REQUESTED,
    summary: 'An engine host asks for its settings',
    exchange: ENGINE_BACKUP_EXCHANGE,
    answer: backupSettingsAnswer,
    example: backupSettingsExample,
  },
];
