import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A time in which it is not known how things stand; one at a time is open. */
@Entity('unknown_spell')
@Index('unknown_spell_one_open', ['endedAt'], { unique: true, where: 'ended_at IS NULL' })
export class UnknownSpell {
  @PrimaryColumn({ name: 'unknown_id', type: 'uuid' })
  unknownId!: string;

  @Column({ name: 'began_at', type: 'timestamptz' })
  beganAt!: Date;

  /** When a replica last found that it lasts. */
  @Column({ name: 'seen_at', type: 'timestamptz' })
  seenAt!: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  /** In words. */
  @Column({ type: 'text' })
  reason!: string;
}
