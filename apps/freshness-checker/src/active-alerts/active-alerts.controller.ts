import { ACTIVE_ALERTS_QUEUE, type ActiveAlertsPart } from '@backup-awareness/contracts';
import { REPLIES } from '@backup-awareness/messaging';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { from, type Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import { partsOf } from './parts-of.js';
import { readActiveAlerts } from './read-active-alerts.js';

@Controller()
export class ActiveAlertsController {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Tells another component which alerts are active, so that it knows the present before it follows the changes. Leader and standbys
   * answer alike: they read the same tables.
   */
  @MessagePattern(ACTIVE_ALERTS_QUEUE, REPLIES)
  async activeAlerts(): Promise<Observable<ActiveAlertsPart>> {
    return from(partsOf(await readActiveAlerts(this.dataSource)));
  }
}
