import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may use the console: tokens, links that sign in once, and sessions of browsers. Of each secret only its SHA-256 is kept. */
export class ConsoleAccess1764450000000 implements MigrationInterface {
  readonly name = 'ConsoleAccess1764450000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      `CREATE TABLE console_token (
         token_id uuid NOT NULL DEFAULT gen_random_uuid(),
         name varchar(64) COLLATE "C" NOT NULL,
         secret_hash bytea NOT NULL,
         role varchar(16) NOT NULL,
         created_at timestamptz NOT NULL DEFAULT now(),
         created_by text NOT NULL,
         expires_at timestamptz,
         revoked_at timestamptz,
         revoked_by text,
         CONSTRAINT console_token_pkey PRIMARY KEY (token_id),
         CONSTRAINT console_token_name UNIQUE (name),
         CONSTRAINT console_token_secret UNIQUE (secret_hash),
         CONSTRAINT console_token_is_sha256 CHECK (length(secret_hash) = 32),
         CONSTRAINT console_token_role CHECK (role IN ('viewer', 'operator'))
       )`,
      `CREATE TABLE console_sign_in_link (
         secret_hash bytea NOT NULL,
         who text NOT NULL,
         role varchar(16) NOT NULL,
         expires_at timestamptz NOT NULL,
         used_at timestamptz,
         CONSTRAINT console_sign_in_link_pkey PRIMARY KEY (secret_hash),
         CONSTRAINT console_sign_in_link_is_sha256 CHECK (length(secret_hash) = 32),
         CONSTRAINT console_sign_in_link_role CHECK (role IN ('viewer', 'operator'))
       )`,
      // A session that a token has begun ends with it.
      `CREATE TABLE console_session (
         secret_hash bytea NOT NULL,
         who text NOT NULL,
         role varchar(16) NOT NULL,
         token_id uuid,
         began_at timestamptz NOT NULL DEFAULT now(),
         seen_at timestamptz NOT NULL DEFAULT now(),
         CONSTRAINT console_session_pkey PRIMARY KEY (secret_hash),
         CONSTRAINT console_session_token FOREIGN KEY (token_id) REFERENCES console_token (token_id) ON DELETE CASCADE,
         CONSTRAINT console_session_is_sha256 CHECK (length(secret_hash) = 32),
         CONSTRAINT console_session_role CHECK (role IN ('viewer', 'operator'))
       )`,
    ])
      await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['console_session', 'console_sign_in_link', 'console_token'])
      await queryRunner.query(`DROP TABLE ${table}`);
  }
}
