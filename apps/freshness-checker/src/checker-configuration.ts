import { amqpUrlVariable, SERVICE_VARIABLES, type Configuration } from '@backup-awareness/service';
import { z } from 'zod';

/** Above this number of engines there are no metrics of each engine unless they are wanted: four series or more for each. */
export const ENGINE_METRICS_MAX = 1_000;

export const CHECKER_VARIABLES = SERVICE_VARIABLES.extend({
  /** The broker user that only tells which alerts are active; unlike the checker's own it may publish through the default exchange. */
  ACTIVE_ALERTS_AMQP_URL: amqpUrlVariable(),
  /** `auto`: up to 1,000 engines. */
  ENGINE_METRICS: z
    .enum(['auto', 'on'], {
      error: `auto (up to ${ENGINE_METRICS_MAX} engines) or on`,
    })
    .default('auto'),
});

export type CheckerConfiguration = Configuration<typeof CHECKER_VARIABLES>;
export type EngineMetrics = CheckerConfiguration['ENGINE_METRICS'];
