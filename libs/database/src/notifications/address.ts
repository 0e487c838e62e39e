import { createHash } from 'node:crypto';

/** Too little of the hash to find or to confirm a URL that is a secret, and enough to see that it has changed. */
export function addressOf(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return createHash('sha256').update(`${origin}${pathname}${search}`).digest('hex').slice(0, 8);
}

/**
 * SQL for whether the destination `$1` is served at the address of a parameter, or at any if that is null. What a replica with a former URL
 * sends says nothing about the present receiver.
 */
export function isServedAt(address: string): string {
  return `(${address}::text IS NULL OR EXISTS (SELECT FROM notification_destination served
    WHERE served.destination = $1::text AND served.address = ${address}::text))`;
}
