import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that this installation runs from: `npm start` keeps its state in it unless told, and runs its services. */
export const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
