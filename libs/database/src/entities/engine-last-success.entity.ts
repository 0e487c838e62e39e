import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last success of each engine and scope, maintained by triggers on `engine_backup_log` alone. */
@Entity('engine_last_success')
export class EngineLastSuccess {
  @PrimaryColumn({ type: 'varchar', length: 255, collation: 'C' })
  fqdn!: string;

  @PrimaryColumn({ type: 'varchar', length: 64, collation: 'C' })
  scope!: string;

  @Column({ name: 'counted_at', type: 'timestamptz' })
  countedAt!: Date;
}
