import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The latest dismissal of an alert, which hides it from the default list and from people. */
@Entity('alert_dismissal')
@Index('alert_dismissal_by_time', ['dismissedAt'])
export class AlertDismissal {
  @PrimaryColumn({ name: 'alert_id', type: 'uuid' })
  alertId!: string;

  @Column({ name: 'dismissed_at', type: 'timestamptz' })
  dismissedAt!: Date;

  @Column({ name: 'dismissed_by', type: 'text' })
  dismissedBy!: string;

  /** Null: until the alert is cleared. */
  @Column({ name: 'dismissed_until', type: 'timestamptz', nullable: true })
  dismissedUntil!: Date | null;

  /** Why; null if an earlier version of the product recorded it. */
  @Column({ name: 'dismissal_comment', type: 'text', nullable: true })
  comment!: string | null;
}
