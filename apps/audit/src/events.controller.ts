import { AUDIT_QUEUE } from '@backup-awareness/contracts';
import { faultOf } from '@backup-awareness/database';
import {
  BATCHES,
  PassageWatch,
  storeBatch,
  type Delivery,
  type Outcome,
} from '@backup-awareness/messaging';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { parseAuditRow } from './parse-audit-row.js';
import { recordEvents } from './record-events.js';

/** The only broker user whose events other than reports count. */
export const EVENTS_USER = Symbol('broker user of events');

@Controller()
export class EventsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly passage: PassageWatch,
    @Inject(EVENTS_USER) private readonly eventsUser: string,
  ) {}

  /** Keeps one row in the audit log for each event of any kind but heartbeats, in whatever order and however often it arrives. */
  @EventPattern<string>(AUDIT_QUEUE, BATCHES)
  record(batch: readonly Delivery[]): Promise<readonly Outcome[]> {
    const now = new Date();
    return this.passage.handle(batch, (events) =>
      storeBatch(events, {
        parse: (delivery) => parseAuditRow(delivery, now, this.eventsUser),
        store: (rows) => recordEvents(this.dataSource, rows),
        faultOf,
      }),
    );
  }
}
