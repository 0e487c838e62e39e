import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { HealthController, READINESS_CHECKS, type ReadinessChecks } from './health.js';
import { MetricsController } from './metrics.js';

@Module({})
export class ServiceModule {
  /** Health and metrics for a service whose readiness is told by what `module` provides. */
  static withReadiness(
    module: DynamicModule,
    readiness: Pick<FactoryProvider<ReadinessChecks>, 'inject' | 'useFactory'>,
  ): DynamicModule {
    return {
      module: ServiceModule,
      imports: [module],
      controllers: [HealthController, MetricsController],
      providers: [{ provide: READINESS_CHECKS, ...readiness }],
    };
  }
}
