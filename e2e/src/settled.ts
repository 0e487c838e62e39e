import { eventually, report } from '@backup-awareness/testing';
import type { Product } from './product.js';

let markers = 0;

/**
 * Resolves when ingest and audit have settled everything that was published before the call: stored or dead-lettered, and
 * acknowledged.
 *
 * A queue keeps its order: when a marker is stored, so is everything before it. Rows of a batch are visible before its dead letters
 * are published; a second marker is in a later batch.
 */
export async function settled(product: Product, withinMs = 60_000): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    markers += 1;
    const fqdn = `marker-${markers}.example.com`;
    await product.reportBare(report({ fqdn, status: 0 }));
    await eventually(async () => {
      const [row] = await product.query<{ logged: boolean; audited: boolean }>(
        `SELECT EXISTS (SELECT FROM engine_backup_log WHERE fqdn = $1) AS logged,
           EXISTS (SELECT FROM audit_log WHERE fqdn = $1) AS audited`,
        [fqdn],
      );
      if (!row?.logged || !row.audited)
        throw new Error(`${fqdn} is not stored: ${JSON.stringify(row)}`);
    }, withinMs);
  }
}
