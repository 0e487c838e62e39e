import { amqpUrlVariable, SERVICE_VARIABLES, type Configuration } from '@backup-awareness/service';

export const INGEST_VARIABLES = SERVICE_VARIABLES.extend({
  /** The broker user that only answers settings requests; unlike ingest's own it may publish through the default exchange. */
  SETTINGS_AMQP_URL: amqpUrlVariable(),
});

export type IngestConfiguration = Configuration<typeof INGEST_VARIABLES>;
