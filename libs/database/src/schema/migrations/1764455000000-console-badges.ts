import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Addresses of badges, which anybody may look at who knows them. Of each secret only its SHA-256 is kept. */
export class ConsoleBadges1764455000000 implements MigrationInterface {
  readonly name = 'ConsoleBadges1764455000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE console_badge (
         badge_id uuid NOT NULL DEFAULT gen_random_uuid(),
         secret_hash bytea NOT NULL,
         fqdn varchar(255) COLLATE "C",
         created_at timestamptz NOT NULL DEFAULT now(),
         created_by text NOT NULL,
         revoked_at timestamptz,
         revoked_by text,
         CONSTRAINT console_badge_pkey PRIMARY KEY (badge_id),
         CONSTRAINT console_badge_secret UNIQUE (secret_hash),
         CONSTRAINT console_badge_is_sha256 CHECK (length(secret_hash) = 32)
       )`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE console_badge');
  }
}
