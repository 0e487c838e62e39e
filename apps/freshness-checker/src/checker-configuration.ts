import { amqpUrlVariable, SERVICE_VARIABLES, type Configuration } from '@backup-awareness/service';

export const CHECKER_VARIABLES = SERVICE_VARIABLES.extend({
  /** The broker user that only tells which alerts are active; unlike the checker's own it may publish through the default exchange. */
  ACTIVE_ALERTS_AMQP_URL: amqpUrlVariable(),
});

export type CheckerConfiguration = Configuration<typeof CHECKER_VARIABLES>;
