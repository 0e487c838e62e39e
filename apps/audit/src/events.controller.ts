import { AUDIT_QUEUE } from '@backup-awareness/contracts';
import { faultOf, recordAudit } from '@backup-awareness/database';
import { BATCHES, storeBatch, type Delivery, type Outcome } from '@backup-awareness/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { parseAuditRow } from './parse-audit-row.js';

@Controller()
export class EventsController {
  constructor(private readonly dataSource: DataSource) {}

  /** Keeps one row in the audit log for each event of any kind, in whatever order and however often they come. */
  @EventPattern<string>(AUDIT_QUEUE, BATCHES)
  record(batch: readonly Delivery[]): Promise<Outcome[]> {
    const now = new Date();
    return storeBatch(batch, {
      parse: (delivery) => parseAuditRow(delivery, now),
      store: (rows) => recordAudit(this.dataSource, rows),
      faultOf,
    });
  }
}
