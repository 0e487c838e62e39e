// TypeORM and NestJS come with these: a second, and 60 MiB. Only a thread loads them, which ends when all is prepared.
import * as database from '@backup-awareness/database';
import * as messaging from '@backup-awareness/messaging';
import { certificateReader } from '@backup-awareness/service';
import { randomBytes } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** For a given broker only: ours has no TLS. */
const brokerTls = process.env['AMQP_URL'] ? certificateReader('AMQP')() : undefined;

export const applyTopology = (amqpUrl: string) =>
  messaging.applyTopology(amqpUrl, brokerTls, (line) => parentPort?.postMessage(line));

export const applyBrokerUsers = (
  url: string,
  vhost: string,
  passwords: Parameters<typeof messaging.applyBrokerUsers>[2],
) => messaging.applyBrokerUsers({ url, tls: brokerTls }, vhost, passwords);

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

export const acceptsReportsOfAnyUser = (ownerUrl: string, fqdn: string) =>
  database.onDataSource(ownerUrl, (db) => database.acceptsReportsOfAnyUser(db, fqdn), readTls);

/** What signs in at the console. */
export interface ConsoleAccess {
  /** Of a token of the role operator. */
  readonly token: string;
  /** The secret of a link that signs in once, within ten minutes. */
  readonly link: string;
}

const WHO = 'npm start';

/** @param keptToken of the last start: it stays as long as it is valid */
export const openConsole = (
  ownerUrl: string,
  keptToken: string | undefined,
): Promise<ConsoleAccess> =>
  database.onDataSource(
    ownerUrl,
    async (db) => {
      const link = await database.createSignInLink(db, { who: WHO, role: 'operator' });
      const kept = keptToken === undefined ? undefined : await database.findToken(db, keptToken);
      if (keptToken !== undefined && kept?.role === 'operator') return { token: keptToken, link };
      // The name of a token is never used again.
      const name = `npm-start-${randomBytes(4).toString('hex')}`;
      const created = await database.createToken(db, { name, role: 'operator', who: WHO });
      return { token: created.secret, link };
    },
    readTls,
  );

export const forgetDestinations = (ownerUrl: string) =>
  database.forgetDestinations(ownerUrl, readTls);
