import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { HealthController, READINESS_CHECKS, type ReadinessChecks } from './health.js';
import { MetricsController, READ_METRICS, type ReadMetrics } from './metrics.js';

type Factory<T> = Pick<FactoryProvider<T>, 'inject' | 'useFactory'>;

const NONE: Factory<ReadMetrics> = { useFactory: () => () => Promise.resolve([]) };

@Module({})
export class ServiceModule {
  /**
   * Adds health and metrics to `module`; the readiness checks use its exported providers, and so do the metrics that are read when they are
   * asked for.
   */
  static withReadiness(
    module: DynamicModule,
    readiness: Factory<ReadinessChecks>,
    metrics: Factory<ReadMetrics> = NONE,
  ): DynamicModule {
    return {
      module: ServiceModule,
      imports: [module],
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: READINESS_CHECKS, ...readiness },
        { provide: READ_METRICS, ...metrics },
      ],
    };
  }
}
