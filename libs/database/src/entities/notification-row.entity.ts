import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** One thing to tell to one destination: that an alert, or a spell in which nothing is known, was raised or cleared. */
@Entity('notification')
@Check('notification_change', `change IN ('raised', 'cleared')`)
@Check('notification_outcome', `outcome IN ('told', 'not_told', 'given_up')`)
@Check('notification_settled_has_outcome', '(settled_at IS NULL) = (outcome IS NULL)')
@Index('notification_pending', ['destination', 'stream', 'position'], {
  where: 'settled_at IS NULL',
})
@Index('notification_given_up', ['destination', 'settledAt'], { where: "outcome = 'given_up'" })
@Index('notification_by_settling', ['settledAt'], { where: 'settled_at IS NOT NULL' })
export class NotificationRow {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  destination!: string;

  /** The id of the alert, or of the spell. */
  @PrimaryColumn({ name: 'subject_id', type: 'uuid' })
  subjectId!: string;

  @PrimaryColumn({ type: 'varchar', length: 16 })
  change!: 'raised' | 'cleared';

  /** What is told in order: an engine, or '' for what concerns none. */
  @Column({ type: 'varchar', length: 255, collation: 'C' })
  stream!: string;

  /** The order within it. */
  @Column({ type: 'bigint', transformer: numberColumn })
  position!: number;

  @Column({ name: 'noted_at', type: 'timestamptz' })
  notedAt!: Date;

  /** Not tried before. */
  @Column({ name: 'due_at', type: 'timestamptz' })
  dueAt!: Date;

  @Column({ type: 'int', default: 0 })
  tries!: number;

  /** What is told together, and again as the same where nobody knows whether it has arrived. */
  @Column({ type: 'uuid', nullable: true })
  batch!: string | null;

  /** Until then a replica is telling it. */
  @Column({ name: 'claimed_until', type: 'timestamptz', nullable: true })
  claimedUntil!: Date | null;

  @Column({ name: 'settled_at', type: 'timestamptz', nullable: true })
  settledAt!: Date | null;

  @Column({ type: 'varchar', length: 16, nullable: true })
  outcome!: 'told' | 'not_told' | 'given_up' | null;

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError!: string | null;
}
