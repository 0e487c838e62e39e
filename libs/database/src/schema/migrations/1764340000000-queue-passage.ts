import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Shows every replica that a published probe has arrived. */
export class QueuePassage1764340000000 implements MigrationInterface {
  readonly name = 'QueuePassage1764340000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE queue_passage (
         queue varchar(255) NOT NULL,
         routing_key varchar(255) NOT NULL,
         arrivals bigint NOT NULL,
         arrived_at timestamptz NOT NULL,
         CONSTRAINT queue_passage_pkey PRIMARY KEY (queue, routing_key)
       )`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE queue_passage');
  }
}
