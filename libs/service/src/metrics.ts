import { Controller, Get, Header, Inject } from '@nestjs/common';
import { collectDefaultMetrics, register } from 'prom-client';
import { exposition, type MetricFamily } from './exposition.js';

// The lag of the event loop is measured by a timer; every 10 ms, as is the default, it would wake an idle service 100 times a second.
collectDefaultMetrics({ eventLoopMonitoringPrecision: 500 });
// Gauges with the ending of counters, which promtool refuses; there are others with the same numbers by type.
for (const what of ['handles', 'requests', 'resources'])
  register.removeSingleMetric(`nodejs_active_${what}_total`);

/** The content type of Prometheus's text format. */
export const METRICS_CONTENT_TYPE = register.contentType;

/** Reads the metrics that are made when they are asked for. Never rejects: what cannot be read is left out. */
export type ReadMetrics = () => Promise<readonly MetricFamily[]>;

export const READ_METRICS = Symbol('metrics that are read when they are asked for');

@Controller('metrics')
export class MetricsController {
  constructor(@Inject(READ_METRICS) private readonly read: ReadMetrics) {}

  /** All metrics of this process in the text format of Prometheus. */
  @Get()
  @Header('content-type', METRICS_CONTENT_TYPE)
  async metrics(): Promise<string> {
    const [counted, families] = await Promise.all([register.metrics(), this.read()]);
    return counted + [...exposition(families)].join('');
  }
}
