import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How often a message that did harm was tried; a row goes when its message is settled. */
@Entity('message_try')
@Check('message_try_key_sha256', 'octet_length(message_key) = 32')
@Check('message_try_tries', 'tries >= 0')
export class MessageTry {
  @PrimaryColumn({ type: 'varchar', length: 255, collation: 'C' })
  queue!: string;

  /** SHA-256 of all by which a message is told from others. */
  @PrimaryColumn({ name: 'message_key', type: 'bytea' })
  messageKey!: Buffer;

  /** Those that count, and the one that is being made. */
  @Column({ type: 'int' })
  tries!: number;

  @Column({ name: 'last_try_at', type: 'timestamptz', default: () => 'statement_timestamp()' })
  lastTryAt!: Date;

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError!: string | null;
}
