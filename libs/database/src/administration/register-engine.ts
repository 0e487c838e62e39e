import { dataSourceFor } from '../connection/data-source-for.js';
import type { ReadTls } from '../connection/session-client.js';
import { addEngine, type EngineAddition } from './add-engine.js';

/** `addEngine` on a connection of its own, for scripts that only have the owner's URL. */
export async function registerEngine(
  ownerUrl: string,
  fqdn: string,
  who: string,
  readTls?: ReadTls,
): Promise<EngineAddition> {
  const dataSource = dataSourceFor(ownerUrl, {
    session: 'administration',
    poolSize: 1,
    readTls,
  });
  await dataSource.initialize();
  try {
    return await addEngine(dataSource, { fqdn, who });
  } finally {
    await dataSource.destroy();
  }
}
