import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numberColumn } from './number-column.js';

/** What the checker remembers of an engine beside its alerts. */
@Entity('engine_alert_state')
export class EngineAlertState {
  @PrimaryColumn({ type: 'varchar', length: 255, collation: 'C' })
  fqdn!: string;

  /** The last number given to an alert's event of this engine; they run from 1 without gaps. */
  @Column({ name: 'last_sequence', type: 'bigint', default: 0, transformer: numberColumn })
  lastSequence!: number;

  /** The engine's version that was decided last. */
  @Column({ name: 'decided_version', type: 'int', default: 0 })
  decidedVersion!: number;
}
