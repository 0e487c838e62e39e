import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { errorText } from '@backup-awareness/contracts';
import { readFleetState, readLastSuccesses } from '@backup-awareness/overview/state';
import { exposition, METRICS_CONTENT_TYPE } from '@backup-awareness/service';
import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { ENGINE_METRICS_MAX, type EngineMetrics } from './checker-configuration.js';
import { engineFamilies } from './engine-metrics.js';
import { Leader } from './leader.js';

/** Whether there are metrics of each engine. */
export const ENGINE_METRICS = Symbol('metrics of each engine');

@Controller('metrics/engines')
export class EngineMetricsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly leader: Leader,
    @Inject(ENGINE_METRICS) private readonly engineMetrics: EngineMetrics,
  ) {}

  /**
   * The metrics of each monitored engine, compressed if the client accepts that. 204 from a standby; 503 if the database cannot be read.
   * With too many engines it is a comment alone, so that a scrape succeeds and shows why it is empty.
   */
  @Get()
  async engines(
    @Headers('accept-encoding') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!this.leader.isLeader) return void (await reply.status(204).send());
    let text: Readable;
    try {
      text = Readable.from(await this.read());
    } catch (error) {
      return void (await reply.status(503).send(`${errorText(error)}\n`));
    }
    void reply.header('content-type', METRICS_CONTENT_TYPE).header('vary', 'accept-encoding');
    if (!/\bgzip\b/.test(accepted ?? '')) return void (await reply.send(text));
    await reply.header('content-encoding', 'gzip').send(text.pipe(createGzip()));
  }

  private async read(): Promise<Iterable<string>> {
    const fleet = await readFleetState(this.dataSource);
    const monitored = fleet.engines.filter(({ retiredAt }) => retiredAt === null).length;
    if (this.engineMetrics === 'auto' && monitored > ENGINE_METRICS_MAX)
      return [
        `# ${monitored} engines are more than ${ENGINE_METRICS_MAX}: set ENGINE_METRICS=on for metrics of each of them\n`,
      ];
    return exposition(engineFamilies(fleet, await readLastSuccesses(this.dataSource)));
  }
}
