const INDEX = 'INDEX engine_of_broker_user ON engine (broker_user) WHERE broker_user IS NOT NULL';

export const PLAIN_INDEX_SQL = ['DROP INDEX engine_of_broker_user', `CREATE ${INDEX}`];

/** Unique again, unless a user has several engines now: removing it from one would let any user report about that engine. */
export const UNIQUE_INDEX_SQL = [
  `DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM engine WHERE broker_user IS NOT NULL GROUP BY broker_user HAVING count(*) > 1) THEN
      DROP INDEX engine_of_broker_user;
      CREATE UNIQUE ${INDEX};
    END IF;
  END $$`,
];
