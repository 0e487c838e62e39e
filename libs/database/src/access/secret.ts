import { createHash, randomBytes } from 'node:crypto';

/** A new secret of 256 bits, as text for a header, a cookie or a link. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What the database keeps of a secret. Its 256 random bits need no salt: nobody can try them out. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
