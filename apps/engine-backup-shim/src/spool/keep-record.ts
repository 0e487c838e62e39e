import type { HostPaths } from '../host/paths.js';
import type { SpoolRecord } from './record.js';
import { withReserve } from './reserve.js';
import { openSpool, writeRecord } from './spool.js';

/** Resolves when the record is safe in the spool; releases the reserve if it is needed. @throws why it cannot be written */
export async function keepRecord(
  paths: HostPaths,
  name: string,
  record: SpoolRecord,
): Promise<void> {
  openSpool(paths);
  await withReserve(paths.state, () => writeRecord(paths.spool, name, record));
}
