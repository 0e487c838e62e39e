import { virtualHostOf, withCredentials } from '@backup-awareness/contracts/plain';
import type { LetterSource } from '@backup-awareness/messaging/dead-letters';
import { Unreachable, WrongUse } from '../output/failure.js';
import { brokerUnreachable, onBroker } from './broker-session.js';
import { readVariable } from './environment.js';
import { findInstallation, requireBroker } from './find-installation.js';

type Messaging = typeof import('@backup-awareness/messaging/dead-letters');

export interface DeadLetters extends LetterSource {
  readonly messaging: Messaging;
}

/** Works with the dead letters as the user `replay`, or as the administrator if that is not configured. @throws Unreachable */
export async function onDeadLetters<T>(
  environment: NodeJS.ProcessEnv,
  work: (letters: DeadLetters) => Promise<T>,
): Promise<T> {
  const { amqpUrl, vhost, url = amqpUrl, messaging } = await findBroker(environment);
  const named = (user: 'ingest' | 'audit') => [
    messaging.brokerUserName(vhost, user),
    // Where all services share one user it is the administrator's.
    userOf(amqpUrl),
  ];
  const users = {
    services: { ingest: named('ingest'), audit: named('audit') },
    replay: messaging.brokerUserName(vhost, 'replay'),
  };
  return onLastingBroker(url, (connection) => work({ connection, users, messaging }));
}

export type PublishAsReplay = (
  messages: Parameters<Messaging['publishConfirmed']>[2],
) => Promise<void>;

/** Publishes as the user `replay`, on a connection of its own. @throws WrongUse if it is not configured, Unreachable */
export async function onReplay<T>(
  environment: NodeJS.ProcessEnv,
  work: (publish: PublishAsReplay) => Promise<T>,
): Promise<T> {
  const { url, messaging } = await findBroker(environment);
  if (url === undefined)
    throw new WrongUse(
      'REPLAY_AMQP_PASSWORD is not set: only the broker user replay may say who sent a message and when it first arrived',
    );
  return onLastingBroker(url, (connection) =>
    work((messages) => messaging.publishConfirmed(connection, userOf(url), messages)),
  );
}

async function findBroker(environment: NodeJS.ProcessEnv) {
  const installation = findInstallation(environment);
  const amqpUrl = requireBroker(installation);
  const vhost = virtualHostOf(amqpUrl);
  const password = readVariable(environment, 'REPLAY_AMQP_PASSWORD');
  const messaging = await import('@backup-awareness/messaging/dead-letters');
  const given =
    password === undefined
      ? undefined
      : withCredentials(amqpUrl, messaging.brokerUserName(vhost, 'replay'), password);
  return { amqpUrl, vhost, url: installation.replayAmqpUrl ?? given, messaging };
}

/** @throws Unreachable if the connection is lost, or the broker does not confirm */
async function onLastingBroker<T>(
  url: string,
  work: Parameters<typeof onBroker<T>>[1],
): Promise<T> {
  let lostBecause: Error | undefined;
  return onBroker(url, async (connection) => {
    connection.on('error', (error) => (lostBecause = error));
    return work(connection);
  }).catch((error: unknown) => {
    if (error instanceof Unreachable) throw error;
    if (lostBecause !== undefined) throw brokerUnreachable(lostBecause, url);
    if (error instanceof Error && error.name === 'NotConfirmed')
      throw new Unreachable(error.message, { cause: error });
    throw error;
  });
}

function userOf(amqpUrl: string): string {
  return decodeURIComponent(new URL(amqpUrl).username) || 'guest';
}
