import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** Who leads among the checkers: one row, in the database's time. */
@Entity('checker_lease')
@Check('checker_lease_one_row', 'id = 1')
export class CheckerLease {
  @PrimaryColumn({ type: 'smallint' })
  id!: number;

  @Column({ type: 'text' })
  holder!: string;

  /** One more with every change of leader; a deciding transaction verifies it. */
  @Column({ type: 'bigint', transformer: numberColumn })
  epoch!: number;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;
}
