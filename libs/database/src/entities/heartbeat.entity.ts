import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** When each stage of the path was last proven: one row, by the database's clock. */
@Entity('heartbeat')
@Check('heartbeat_one_row', 'id = 1')
export class Heartbeat {
  @PrimaryColumn({ type: 'smallint' })
  id!: number;

  /** The leader has decided. */
  @Column({ name: 'decided_at', type: 'timestamptz', nullable: true })
  decidedAt!: Date | null;

  /** When the latest heartbeat event was written that the broker has confirmed. */
  @Column({ name: 'relayed_at', type: 'timestamptz', nullable: true })
  relayedAt!: Date | null;

  /** When the latest heartbeat event was written that audit has received. */
  @Column({ name: 'recorded_at', type: 'timestamptz', nullable: true })
  recordedAt!: Date | null;

  /** Ingest has answered a request for settings. */
  @Column({ name: 'answered_at', type: 'timestamptz', nullable: true })
  answeredAt!: Date | null;

  /** A replica of the notifier has called HEARTBEAT_URL, or does so now. */
  @Column({ name: 'beaten_at', type: 'timestamptz', nullable: true })
  beatenAt!: Date | null;
}
