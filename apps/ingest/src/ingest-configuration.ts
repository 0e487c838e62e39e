import { amqpUrlVariable, SERVICE_VARIABLES, type Configuration } from '@backup-awareness/service';

export const INGEST_VARIABLES = SERVICE_VARIABLES.extend({
  /** The broker's user that only answers settings requests; it may publish through the default exchange, ingest's own may not. */
  SETTINGS_AMQP_URL: amqpUrlVariable(),
});

export type IngestConfiguration = Configuration<typeof INGEST_VARIABLES>;
