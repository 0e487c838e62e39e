import { createHmac } from 'node:crypto';

/** By which the receiver knows that a body comes from who has the secret, and is whole: `sha256=` and HMAC-SHA-256 in hexadecimal digits. */
export function signatureOf(body: Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
