import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** An engine that is watched, or was until it was retired. */
@Entity('engine')
@Index('engine_of_broker_user', ['brokerUser'], {
  where: 'broker_user IS NOT NULL',
})
@Check('engine_alert_period_in_range', 'alert_period_days > 0 AND alert_period_days <= 3650')
@Check('engine_registered_by', "registered_by IN ('report', 'administrator')")
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

  /** The broker user that alone may report about it; null where any may. */
  @Column({ name: 'broker_user', type: 'varchar', length: 255, collation: 'C', nullable: true })
  brokerUser!: string | null;

  /** Whether it became known by a report alone; such engines are bounded in number (EngineRegistrationMax). */
  @Column({ name: 'registered_by', type: 'varchar', length: 16, default: 'report' })
  registeredBy!: 'report' | 'administrator';

  /** One more with every act of administration; the checker decides anew where it differs from what it decided last. */
  @Column({ type: 'int', default: 0 })
  version!: number;
}
