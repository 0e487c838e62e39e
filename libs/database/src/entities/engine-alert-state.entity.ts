import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** What the checker remembers about an engine beside its alerts. */
@Entity('engine_alert_state')
export class EngineAlertState {
  @PrimaryColumn({ type: 'varchar', length: 255, collation: 'C' })
  fqdn!: string;

  /** The last sequence number of this engine's alert events; they run from 1 without gaps. */
  @Column({ name: 'last_sequence', type: 'bigint', default: 0, transformer: numberColumn })
  lastSequence!: number;

  /** The version of the engine that was last decided. */
  @Column({ name: 'decided_version', type: 'int', default: 0 })
  decidedVersion!: number;
}
