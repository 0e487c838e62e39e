import pg from 'pg';
import type { ProductOnTestServers } from './product.js';

/** Copies the product's database with all its files, as they are while the product is stopped, and starts the product again. */
export async function copyDatabase(product: ProductOnTestServers): Promise<void> {
  await product.end();
  if (product.database.owner.isInitialized) await product.database.owner.destroy();
  await onServer(product, (name) => [`CREATE DATABASE ${name}_copy TEMPLATE ${name}`]);
  await product.restart();
}

/** Puts the copy in the place of the database, while the product is stopped. */
export async function restoreDatabase(product: ProductOnTestServers): Promise<void> {
  await onServer(product, (name) => [
    `DROP DATABASE ${name} WITH (FORCE)`,
    `ALTER DATABASE ${name}_copy RENAME TO ${name}`,
  ]);
}

/** Runs statements on the server while nobody is connected to the product's database, whose name they get. */
async function onServer(
  product: ProductOnTestServers,
  statements: (name: string) => readonly string[],
): Promise<void> {
  const url = new URL(product.database.ownerUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('${name}', '${name}_copy')`,
  );
  for (const sql of statements(name)) await client.query(sql);
  await client.end();
}
