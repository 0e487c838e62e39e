import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The dismissal of an alert, which hides it from the default list. */
@Entity('alert_dismissal')
@Index('alert_dismissal_by_time', ['dismissedAt'])
export class AlertDismissal {
  @PrimaryColumn({ name: 'alert_id', type: 'uuid' })
  alertId!: string;

  @Column({ name: 'dismissed_at', type: 'timestamptz' })
  dismissedAt!: Date;

  @Column({ name: 'dismissed_by', type: 'text' })
  dismissedBy!: string;
}
