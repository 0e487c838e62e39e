import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout whose services `npm start` runs; its state is in there, too, unless RUN_DIR is set. */
export const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
