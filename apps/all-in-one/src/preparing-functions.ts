// TypeORM and NestJS come with these: a second, and 60 MiB. Only a thread loads them, which ends when all is prepared.
import * as database from '@backup-awareness/database';
import { certificateReader } from '@backup-awareness/service';

export { applyBrokerUsers, applyTopology } from '@backup-awareness/messaging';

/** For a given database only: ours has no TLS. */
const readTls =
  process.env['DATABASE_URL'] && isGiven('DATABASE_CA', 'DATABASE_CERT')
    ? certificateReader('DATABASE')
    : undefined;

function isGiven(...names: string[]): boolean {
  return names.some((name) => process.env[name] || process.env[`${name}_FILE`]);
}

export const applySchema = (ownerUrl: string) => database.applySchema(ownerUrl, readTls);

export const applyRoles = <Passwords extends Parameters<typeof database.applyRoles>[1]>(
  ownerUrl: string,
  passwords: Passwords,
) => database.applyRoles(ownerUrl, passwords, readTls);

export const registerEngine = (ownerUrl: string, fqdn: string, who: string) =>
  database.registerEngine(ownerUrl, fqdn, who, readTls);

export const forgetDestinations = (ownerUrl: string) =>
  database.forgetDestinations(ownerUrl, readTls);
