/** What can run one statement: a connection, a data source, or the manager of a transaction. */
export interface SqlRunner {
  // The statement alone tells what its rows are: nothing can check their type here.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  query(sql: string, parameters?: unknown[]): Promise<any>;
}
