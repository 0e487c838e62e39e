import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

// An index entry holds some 2,700 bytes. A longer key would fail as an error of the environment (54000), which is
// tried again for ever; the check makes it an error of data.
/** One row per event. Rules in the database protect the rows of active alerts. */
@Entity('audit_log')
@Unique('audit_log_once', ['origin', 'eventId'])
@Index('audit_log_of_alert', ['alertId'], { where: 'alert_id IS NOT NULL' })
@Index('audit_log_of_engine', ['fqdn', 'auditLogId'])
@Index('audit_log_by_time', ['logTime'])
@Check('audit_log_key_fits', 'octet_length(origin) + octet_length(event_id) <= 2600')
@Check(
  'audit_log_alert_has_id',
  `alert_id IS NOT NULL OR event_name NOT IN ('BackupAlertRaised', 'BackupAlertCleared')`,
)
export class AuditLog {
  /** A bigint as text. */
  @PrimaryGeneratedColumn('identity', {
    name: 'audit_log_id',
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
  })
  auditLogId!: string;

  @Column({ name: 'log_time', type: 'timestamptz' })
  logTime!: Date;

  @Column({ name: 'log_type_name', type: 'varchar', length: 100 })
  logTypeName!: string;

  @Column({ name: 'log_type', type: 'int' })
  logType!: number;

  @Column({ type: 'int' })
  severity!: number;

  @Column({ type: 'text' })
  message!: string;

  /** The CloudEvent's `source`. */
  @Column({ type: 'text', collation: 'C' })
  origin!: string;

  @Column({ name: 'correlation_id', type: 'text', nullable: true })
  correlationId!: string | null;

  @Column({ type: 'varchar', length: 255, nullable: true, collation: 'C' })
  fqdn!: string | null;

  @Column({ name: 'alert_id', type: 'uuid', nullable: true })
  alertId!: string | null;

  @Column({ name: 'event_id', type: 'text', collation: 'C' })
  eventId!: string;

  @Column({ name: 'event_name', type: 'varchar', length: 100 })
  eventName!: string;

  /** The event's `data`. */
  @Column({ name: 'custom_data', type: 'jsonb' })
  customData!: unknown;

  /** By the database's clock, unlike the event's own time. Rows older than this column have the time when it was added. */
  @Column({ name: 'recorded_at', type: 'timestamptz', default: () => 'statement_timestamp()' })
  recordedAt!: Date;
}
