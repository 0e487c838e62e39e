import { INGEST_QUEUE, parseEngineBackupReport } from '@backup-awareness/contracts';
import { faultOf, logReports } from '@backup-awareness/database';
import {
  BATCHES,
  PassageWatch,
  storeBatch,
  type Delivery,
  type Outcome,
} from '@backup-awareness/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';

@Controller()
export class ReportsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly passage: PassageWatch,
  ) {}

  /** Stores the reports of engine-backup, each once, and registers new engines. */
  @EventPattern<string>(INGEST_QUEUE, BATCHES)
  store(batch: readonly Delivery[]): Promise<readonly Outcome[]> {
    return this.passage.handle(batch, (reports) =>
      storeBatch(reports, {
        parse: parseEngineBackupReport,
        store: (good) => logReports(this.dataSource, good),
        faultOf,
      }),
    );
  }
}
