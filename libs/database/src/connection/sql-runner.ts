import type { EntityManager } from 'typeorm';

/** What can run one statement: a data source by itself, or the manager of a transaction. */
export type SqlRunner = Pick<EntityManager, 'query'>;
