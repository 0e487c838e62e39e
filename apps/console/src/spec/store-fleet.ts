import type { TestDatabase } from '@backup-awareness/testing';
import { storeFullBackup } from './use-console.js';

/** Five engines: two are fresh, one is too old, one has no full backup, and one is retired. */
export async function storeFleet(database: TestDatabase): Promise<void> {
  await storeFullBackup(database, 'fresh.example.com', 2);
  await storeFullBackup(database, 'fresher.example.com', 1);
  await storeFullBackup(database, 'old.example.com', 30);
  await database.owner.query(
    `INSERT INTO engine (fqdn) VALUES ('none.example.com'), ('retired.example.com')`,
  );
  await database.owner.query(
    `UPDATE engine SET retired_at = now() WHERE fqdn = 'retired.example.com'`,
  );
}
