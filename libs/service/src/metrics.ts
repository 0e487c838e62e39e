import { Controller, Get, Header } from '@nestjs/common';
import { collectDefaultMetrics, register } from 'prom-client';

// The lag of the event loop is measured by a timer; every 10 ms, as is the default, it would wake an idle service 100 times a second.
collectDefaultMetrics({ eventLoopMonitoringPrecision: 500 });

@Controller('metrics')
export class MetricsController {
  /** All metrics of this process in the text format of Prometheus. */
  @Get()
  @Header('content-type', register.contentType)
  metrics(): Promise<string> {
    return register.metrics();
  }
}
