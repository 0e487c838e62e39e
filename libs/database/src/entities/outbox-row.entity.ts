import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** An event to publish: written in the transaction of the change it reports, deleted once the broker has confirmed it. */
@Entity('outbox')
@Index('outbox_waiting', ['id'], { where: 'set_aside_at IS NULL' })
@Index('outbox_of_source', ['source', 'id'], { where: 'set_aside_at IS NULL' })
export class OutboxRow {
  /** A bigint as text. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column({ name: 'event_id', type: 'text' })
  eventId!: string;

  @Column({ type: 'varchar', length: 100 })
  name!: string;

  @Column({ type: 'text' })
  exchange!: string;

  @Column({ name: 'routing_key', type: 'text' })
  routingKey!: string;

  /** Events of one source are published in the order of their ids. */
  @Column({ type: 'text' })
  source!: string;

  @Column({ type: 'text' })
  subject!: string;

  @Column({ type: 'timestamptz' })
  time!: Date;

  @Column({ type: 'jsonb' })
  data!: unknown;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ type: 'int', default: 0 })
  attempts!: number;

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError!: string | null;

  /** When it was set aside, after ten attempts; it no longer holds up others. */
  @Column({ name: 'set_aside_at', type: 'timestamptz', nullable: true })
  setAsideAt!: Date | null;

  /** W3C Trace Context of the report that led to the event; null if there is none. */
  @Column({ type: 'text', nullable: true })
  traceparent!: string | null;
}
