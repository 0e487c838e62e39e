import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** Which of all copies of this database is publishing, and how far it has published: one row. */
@Entity('incarnation')
@Check('incarnation_one_row', 'id = 1')
export class IncarnationRow {
  @PrimaryColumn({ type: 'smallint' })
  id!: number;

  /** How often a restored copy was noticed. */
  @Column({ type: 'int', default: 0 })
  generation!: number;

  /** How often something was published. */
  @Column({ type: 'bigint', default: 0, transformer: numberColumn })
  position!: number;

  @Column({ name: 'advanced_at', type: 'timestamptz', nullable: true })
  advancedAt!: Date | null;

  /** The sequence of an engine that has never had an alert. */
  @Column({ name: 'sequence_base', type: 'bigint', default: 0, transformer: numberColumn })
  sequenceBase!: number;

  /** When a restored copy was last noticed. */
  @Column({ name: 'restored_at', type: 'timestamptz', nullable: true })
  restoredAt!: Date | null;

  /** When that copy had last published. */
  @Column({ name: 'copied_at', type: 'timestamptz', nullable: true })
  copiedAt!: Date | null;
}
