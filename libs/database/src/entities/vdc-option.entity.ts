import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A setting, in the form of oVirt's own table. */
@Entity('vdc_options')
export class VdcOption {
  @PrimaryColumn({ name: 'option_name', type: 'varchar', length: 100 })
  optionName!: string;

  @PrimaryColumn({ type: 'varchar', length: 40, default: 'general' })
  version!: string;

  @Column({ name: 'option_value', type: 'text' })
  optionValue!: string;

  @Column({ name: 'default_value', type: 'text' })
  defaultValue!: string;

  /** When an administrator last changed it; null if never. */
  @Column({ name: 'changed_at', type: 'timestamptz', nullable: true })
  changedAt!: Date | null;
}
