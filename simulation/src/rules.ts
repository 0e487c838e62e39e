import { alertPeriodOf, decideEach, decidingTime, planTick } from '@backup-awareness/freshness';

/** What is tested: the decision as the services use it, or one that was broken on purpose. */
export interface Rules {
  readonly decidingTime: typeof decidingTime;
  readonly planTick: typeof planTick;
  readonly alertPeriodOf: typeof alertPeriodOf;
  readonly decideEach: typeof decideEach;
}

export const THE_RULES: Rules = { decidingTime, planTick, alertPeriodOf, decideEach };
