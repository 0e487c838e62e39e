import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { HealthController, READINESS_CHECKS, type ReadinessChecks } from './health.js';
import { MetricsController } from './metrics.js';

@Module({})
export class ServiceModule {
  /** Adds health and metrics to `module`; the readiness checks use its exported providers. */
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
