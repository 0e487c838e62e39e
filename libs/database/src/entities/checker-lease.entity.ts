import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** The leader among the checkers: one row, by the database's clock. */
@Entity('checker_lease')
@Check('checker_lease_one_row', 'id = 1')
export class CheckerLease {
  @PrimaryColumn({ type: 'smallint' })
  id!: number;

  @Column({ type: 'text' })
  holder!: string;

  /** Incremented with every change of leader; every deciding transaction verifies it. */
  @Column({ type: 'bigint', transformer: numberColumn })
  epoch!: number;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;
}
