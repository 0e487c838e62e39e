import { onDataSource } from '../connection/on-data-source.js';
import type { ReadTls } from '../connection/session-client.js';
import { addEngine, type EngineAddition } from './add-engine.js';

/** `addEngine` on a connection of its own, for scripts that only have the owner's URL. */
export async function registerEngine(
  ownerUrl: string,
  fqdn: string,
  who: string,
  readTls?: ReadTls,
): Promise<EngineAddition> {
  return onDataSource(ownerUrl, (dataSource) => addEngine(dataSource, { fqdn, who }), readTls);
}
