import type { DataSource } from 'typeorm';
import { dataSourceFor } from './data-source-for.js';
import type { ReadTls } from './session-client.js';

/** Works on a database in one session for administration, which ends with the work. */
export async function onDataSource<T>(
  url: string,
  work: (dataSource: DataSource) => Promise<T>,
  readTls?: ReadTls,
): Promise<T> {
  const dataSource = dataSourceFor(url, { session: 'administration', poolSize: 1, readTls });
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
