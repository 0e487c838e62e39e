import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The last check and the latest decision, kept across restarts: one row. */
@Entity('checker_state')
@Check('checker_state_one_row', 'id = 1')
export class CheckerState {
  @PrimaryColumn({ type: 'smallint' })
  id!: number;

  @Column({ name: 'last_check_at', type: 'timestamptz', nullable: true })
  lastCheckAt!: Date | null;

  @Column({ name: 'next_check_at', type: 'timestamptz', nullable: true })
  nextCheckAt!: Date | null;

  /** The latest `now` that a decision was made by; time never runs back behind it. */
  @Column({ name: 'latest_now_at', type: 'timestamptz', nullable: true })
  latestNowAt!: Date | null;

  @Column({ type: 'int', default: 0 })
  engines!: number;

  @Column({ type: 'int', default: 0 })
  raised!: number;

  @Column({ type: 'int', default: 0 })
  cleared!: number;
}
