import { createHmac } from 'node:crypto';

/** The signature that proves to the receiver who sent a body, and that it is unchanged: `sha256=` and the HMAC-SHA-256 in hexadecimal digits. */
export function signatureOf(body: Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
