import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** A scope of a run that has started and may be open. Triggers on `engine_backup_log` add and remove rows; the checker removes what is left. */
@Entity('open_run')
export class OpenRun {
  @PrimaryColumn({ type: 'varchar', length: 255, collation: 'C' })
  fqdn!: string;

  /** Empty if reports have no `run_id`. */
  @PrimaryColumn({ name: 'run_id', type: 'text', collation: 'C' })
  runId!: string;

  @PrimaryColumn({ type: 'varchar', length: 64, collation: 'C' })
  scope!: string;

  /** The number of started reports. */
  @Column({ type: 'bigint', transformer: numberColumn })
  starts!: number;
}
