import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** An alert, active until it has a `cleared_at`. Written by the checker. */
@Entity('alert')
@Index('alert_one_of_freshness_active', ['fqdn'], {
  unique: true,
  where: `cleared_at IS NULL AND alert IN ('ENGINE_NO_FULL_BACKUP', 'ENGINE_NO_WARM_BACKUP')`,
})
@Index('alert_one_of_run_active', { synchronize: false })
@Index('alert_active', ['fqdn'], { where: 'cleared_at IS NULL' })
@Index('alert_by_sequence', ['fqdn', 'sequence'], { unique: true })
@Index('alert_by_clearing', ['clearedAt'], { where: 'cleared_at IS NOT NULL' })
export class Alert {
  @PrimaryColumn({ name: 'alert_id', type: 'uuid' })
  alertId!: string;

  @Column({ type: 'varchar', length: 100 })
  alert!: string;

  @Column({ type: 'varchar', length: 255, collation: 'C' })
  fqdn!: string;

  @Column({ name: 'run_id', type: 'text', nullable: true })
  runId!: string | null;

  /** Of an alert about a run: the scopes without an end when it was raised. */
  @Column({ type: 'text', array: true, nullable: true })
  scopes!: string[] | null;

  /** When it became true, not when it was noticed. */
  @Column({ type: 'timestamptz' })
  since!: Date;

  @Column({ name: 'decided_at', type: 'timestamptz' })
  decidedAt!: Date;

  @Column({ name: 'last_full_backup_at', type: 'timestamptz', nullable: true })
  lastFullBackupAt!: Date | null;

  @Column({ name: 'alert_period_days', type: 'numeric', transformer: numberColumn })
  alertPeriodDays!: number;

  @Column({ type: 'bigint', transformer: numberColumn })
  sequence!: number;

  @Column({ type: 'text' })
  message!: string;

  /** W3C Trace Context, of the event that raised it; null if it had none. */
  @Column({ type: 'text', nullable: true })
  traceparent!: string | null;

  @Column({ name: 'cleared_at', type: 'timestamptz', nullable: true })
  clearedAt!: Date | null;

  @Column({ name: 'cleared_sequence', type: 'bigint', nullable: true, transformer: numberColumn })
  clearedSequence!: number | null;

  @Column({ type: 'varchar', length: 100, nullable: true })
  reason!: string | null;
}
