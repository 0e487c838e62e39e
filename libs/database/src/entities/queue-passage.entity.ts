import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** How often something that a service has sent on the way of reports has arrived in a queue; whichever replica takes it, all see it. */
@Entity('queue_passage')
export class QueuePassage {
  @PrimaryColumn({ type: 'varchar', length: 255 })
  queue!: string;

  @PrimaryColumn({ name: 'routing_key', type: 'varchar', length: 255 })
  routingKey!: string;

  /** Only that it changes counts, so that no clock has to be trusted. */
  @Column({ type: 'bigint', transformer: numberColumn })
  arrivals!: number;

  @Column({ name: 'arrived_at', type: 'timestamptz' })
  arrivedAt!: Date;
}
