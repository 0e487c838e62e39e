import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often a harmful message was tried, counted for all replicas; its key is a SHA-256. Earlier versions ignore the table. */
export class MessageTries1764300000000 implements MigrationInterface {
  readonly name = 'MessageTries1764300000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE message_try (
         queue varchar(255) COLLATE "C" NOT NULL,
         message_key bytea NOT NULL CONSTRAINT message_try_key_sha256 CHECK (octet_length(message_key) = 32),
         tries int NOT NULL CONSTRAINT message_try_tries CHECK (tries >= 0),
         last_try_at timestamptz NOT NULL DEFAULT statement_timestamp(),
         last_error text,
         CONSTRAINT message_try_pkey PRIMARY KEY (queue, message_key)
       )`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE message_try');
  }
}
