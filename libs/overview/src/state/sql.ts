/** Runs one statement: a connection, or a transaction. */
export interface Sql {
  // The type of the rows depends on the statement: nothing can be checked here.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  query(sql: string, parameters?: unknown[]): Promise<any>;
}
