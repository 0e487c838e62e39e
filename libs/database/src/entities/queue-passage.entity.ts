import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** How many probes have arrived in a queue by the path that reports take, visible to all replicas whichever consumes them. */
@Entity('queue_passage')
export class QueuePassage {
  @PrimaryColumn({ type: 'varchar', length: 255 })
  queue!: string;

  @PrimaryColumn({ name: 'routing_key', type: 'varchar', length: 255 })
  routingKey!: string;

  /** Only a change matters, so that no clock has to be trusted. */
  @Column({ type: 'bigint', transformer: numberColumn })
  arrivals!: number;

  @Column({ name: 'arrived_at', type: 'timestamptz' })
  arrivedAt!: Date;
}
