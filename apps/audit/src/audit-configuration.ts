import {
  optionalTextVariable,
  SERVICE_VARIABLES,
  type Configuration,
} from '@backup-awareness/service';

export const AUDIT_VARIABLES = SERVICE_VARIABLES.extend({
  /** The broker user whose events count that are no reports, where the freshness-checker's has another name than installations give it. */
  EVENTS_BROKER_USER: optionalTextVariable(
    'the name of the broker user that publishes alerts and events of administration',
  ),
});

export type AuditConfiguration = Configuration<typeof AUDIT_VARIABLES>;
