import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How telling a destination goes. */
@Entity('notification_destination')
export class NotificationDestination {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  destination!: string;

  /** When a replica last looked after it: the row is removed when none has for seven days. */
  @Column({ name: 'seen_at', type: 'timestamptz' })
  seenAt!: Date;

  /** When it was first looked after: what was over by then it is not told. */
  @Column({ name: 'noted_from', type: 'timestamptz', nullable: true })
  notedFrom!: Date | null;

  /** Until when what changed has been noted, where it is told each change by itself. */
  @Column({ name: 'noted_until', type: 'timestamptz', nullable: true })
  notedUntil!: Date | null;

  @Column({ name: 'last_success_at', type: 'timestamptz', nullable: true })
  lastSuccessAt!: Date | null;

  /** Since when every try has failed. */
  @Column({ name: 'failing_since', type: 'timestamptz', nullable: true })
  failingSince!: Date | null;

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError!: string | null;

  /** The beginning of the hash of its URL, which may be a secret; null where it does not matter. */
  @Column({ type: 'varchar', length: 8, nullable: true })
  address!: string | null;
}
