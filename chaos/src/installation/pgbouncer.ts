import { createProgress, ensurePackages, type RunDirectory } from '@backup-awareness/local-servers';
import { NotAvailable } from './installation.js';

/** @throws NotAvailable where PgBouncer is missing and cannot be installed */
export async function ensurePgbouncer(runDirectory: RunDirectory): Promise<void> {
  await ensurePackages(
    ['pgbouncer'],
    'the trial of scaling needs',
    runDirectory,
    createProgress(),
  ).catch((error: Error) => {
    throw new NotAvailable(error.message);
  });
}
