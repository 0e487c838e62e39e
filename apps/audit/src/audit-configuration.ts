import {
  optionalTextVariable,
  SERVICE_VARIABLES,
  type Configuration,
} from '@backup-awareness/service';

export const AUDIT_VARIABLES = SERVICE_VARIABLES.extend({
  /** The only broker user whose events other than reports count; needed if the freshness-checker's has another than the usual name. */
  EVENTS_BROKER_USER: optionalTextVariable(
    'the name of the broker user that publishes alerts and events of administration',
  ),
});

export type AuditConfiguration = Configuration<typeof AUDIT_VARIABLES>;
