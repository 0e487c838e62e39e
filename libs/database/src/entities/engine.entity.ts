import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** A monitored or retired engine. */
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

  /** The engine's own period; null where the general one applies. */
  @Column({
    name: 'alert_period_days',
    type: 'numeric',
    nullable: true,
    transformer: numberColumn,
  })
  alertPeriodDays!: number | null;

  @Column({ name: 'alert_period_changed_at', type: 'timestamptz', nullable: true })
  alertPeriodChangedAt!: Date | null;

  /** The only broker user that may report about it; null where any may. */
  @Column({ name: 'broker_user', type: 'varchar', length: 255, collation: 'C', nullable: true })
  brokerUser!: string | null;

  /** Who registered it. The number of engines registered by reports is limited (EngineRegistrationMax). */
  @Column({ name: 'registered_by', type: 'varchar', length: 16, default: 'report' })
  registeredBy!: 'report' | 'administrator';

  /** Incremented by every administrative change; the checker decides the engine again if it differs from the version last decided. */
  @Column({ type: 'int', default: 0 })
  version!: number;
}
