import { SERVICE_VARIABLES, type Configuration, type Variable } from '@backup-awareness/service';

export const AUDIT_VARIABLES = {
  ...SERVICE_VARIABLES,
  /** The broker user whose events count that are no reports, where the freshness-checker's has another name than installations give it. */
  EVENTS_BROKER_USER: {
    expected: 'the name of the broker user that publishes alerts and events of administration',
    fallback: undefined,
    read: (text) => (text === '' ? undefined : text),
  } as Variable<string | undefined>,
};

export type AuditConfiguration = Configuration<typeof AUDIT_VARIABLES>;
