import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How often a harmful message was tried; deleted when the message is settled. */
@Entity('message_try')
@Check('message_try_key_sha256', 'octet_length(message_key) = 32')
@Check('message_try_tries', 'tries >= 0')
export class MessageTry {
  @PrimaryColumn({ type: 'varchar', length: 255, collation: 'C' })
  queue!: string;

  /** SHA-256 of everything that identifies a message. */
  @PrimaryColumn({ name: 'message_key', type: 'bytea' })
  messageKey!: Buffer;

  /** Counted tries, including the current one. */
  @Column({ type: 'int' })
  tries!: number;

  @Column({ name: 'last_try_at', type: 'timestamptz', default: () => 'statement_timestamp()' })
  lastTryAt!: Date;

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError!: string | null;
}
