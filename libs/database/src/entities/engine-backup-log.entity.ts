import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A report about an engine's backup, unique by (`fqdn`, `event_id`). */
@Entity('engine_backup_log')
@Index('engine_backup_log_by_page', { synchronize: false })
@Index('engine_backup_log_by_receipt', ['receivedAt'])
@Index('engine_backup_log_failed', { synchronize: false })
@Index('engine_backup_log_started', { synchronize: false })
@Index('engine_backup_log_ended', { synchronize: false })
export class EngineBackupLog {
  @PrimaryColumn({ type: 'varchar', length: 255, collation: 'C' })
  fqdn!: string;

  @PrimaryColumn({ name: 'event_id', type: 'text', collation: 'C' })
  eventId!: string;

  @Column({ type: 'varchar', length: 64, collation: 'C' })
  scope!: string;

  @Column({ name: 'done_at', type: 'timestamptz' })
  doneAt!: Date;

  /** True for completed, false for failed, null for started. */
  @Column({ name: 'is_passed', type: 'boolean', nullable: true })
  isPassed!: boolean | null;

  @Column({ name: 'output_message', type: 'text' })
  outputMessage!: string;

  @Column({ name: 'log_path', type: 'text' })
  logPath!: string;

  @Column({ name: 'run_id', type: 'text', nullable: true })
  runId!: string | null;

  @Column({ name: 'received_at', type: 'timestamptz' })
  receivedAt!: Date;

  /** When a success counts: never later than its receipt, whatever the clock of its host says. */
  @Column({ name: 'counted_at', type: 'timestamptz' })
  countedAt!: Date;

  /** The user id validated by the broker; null without one. */
  @Column({ name: 'reported_by', type: 'text', nullable: true })
  reportedBy!: string | null;

  /** True if it lay in the future when an administrator accepted the clock: it never counts. */
  @Column({ name: 'is_discounted', type: 'boolean', default: false })
  isDiscounted!: boolean;

  /** W3C Trace Context; null if the report has none. */
  @Column({ type: 'text', nullable: true })
  traceparent!: string | null;
}
