import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** A scope of a run that has started and may be open; kept by triggers on `engine_backup_log`, and what is left over by the checker. */
@Entity('open_run')
export class OpenRun {
  @PrimaryColumn({ type: 'varchar', length: 255, collation: 'C' })
  fqdn!: string;

  /** Empty where reports name no run. */
  @PrimaryColumn({ name: 'run_id', type: 'text', collation: 'C' })
  runId!: string;

  @PrimaryColumn({ type: 'varchar', length: 64, collation: 'C' })
  scope!: string;

  /** How many started reports have come. */
  @Column({ type: 'bigint', transformer: numberColumn })
  starts!: number;
}
