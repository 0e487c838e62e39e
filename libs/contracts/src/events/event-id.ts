import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const RANDOM_BYTES_OF_AN_ID = 16;
const randomBytes = Buffer.alloc(256 * RANDOM_BYTES_OF_AN_ID);
let usedBytes = randomBytes.length;

/** A new id: UUIDv7, so that those of a later millisecond sort later and inserts stay local. */
export function newEventId(): string {
  return v7({ rng: nextRandomBytes });
}

/** Drawn for many ids at once: drawing them for one takes ten times as long as all the rest of making it. */
function nextRandomBytes(): Uint8Array {
  if (usedBytes === randomBytes.length) {
    randomFillSync(randomBytes);
    usedBytes = 0;
  }
  return randomBytes.subarray(usedBytes, (usedBytes += RANDOM_BYTES_OF_AN_ID));
}
