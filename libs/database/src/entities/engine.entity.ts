import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** An engine that is watched, or was until it was retired. */
@Entity('engine')
export class Engine {
  @PrimaryColumn({ type: 'varchar', length: 255, collation: 'C' })
  fqdn!: string;

  @Column({ name: 'watched_since', type: 'timestamptz', default: () => 'now()' })
  watchedSince!: Date;

  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt!: Date | null;

  /** This engine's own period; null where the general one holds. */
  @Column({
    name: 'alert_period_days',
    type: 'numeric',
    nullable: true,
    transformer: numberColumn,
  })
  alertPeriodDays!: number | null;

  @Column({ name: 'alert_period_changed_at', type: 'timestamptz', nullable: true })
  alertPeriodChangedAt!: Date | null;

  /** One more with every act of administration; the checker decides anew where it differs from what it decided last. */
  @Column({ type: 'int', default: 0 })
  version!: number;
}
