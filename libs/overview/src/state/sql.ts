/** What can run one statement: a connection, or a transaction. */
export interface Sql {
  // The rows are what the statement says: no type can be checked here.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  query(sql: string, parameters?: unknown[]): Promise<any>;
}
