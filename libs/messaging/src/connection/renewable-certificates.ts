import type { Certificates } from '@backup-awareness/contracts/plain';
import { credentials } from './amqp.js';

/** By default the system's authorities are trusted and no client certificate is shown. */
export type BrokerTls = Certificates;

const PARTS = ['ca', 'cert', 'key'] as const;

/** Certificates as options of a connection that recovers, and those that are in use now. */
export interface RenewableCertificates {
  readonly options: object;
  inUse(): BrokerTls;
  /** Reads them again. @returns whether they have changed, so that only a new connection uses them */
  renew(): boolean;
}

/**
 * amqplib copies its options once, at the first connection, but not what is in their arrays: renewed certificates are put into the same
 * arrays, and the next connection uses them.
 */
export function renewableCertificates(read: () => BrokerTls): RenewableCertificates {
  let now = read();
  const options: Partial<Record<(typeof PARTS)[number], Buffer[]>> = {};
  for (const part of PARTS) {
    const pem = now[part];
    if (pem !== undefined) options[part] = [Buffer.from(pem)];
  }
  return {
    options,
    inUse: () => now,
    renew: () => {
      const next = read();
      if (PARTS.every((part) => next[part] === now[part])) return false;
      now = next;
      for (const part of PARTS) {
        const pem = next[part];
        if (pem !== undefined && options[part]) options[part][0] = Buffer.from(pem);
      }
      return true;
    },
  };
}

/** A user without a password is known by its certificate (SASL EXTERNAL). */
export function loginOf(url: string, { cert }: BrokerTls): object {
  const { password } = new URL(url);
  return password === '' && cert !== undefined ? { credentials: credentials.external() } : {};
}
