import { virtualHostOf, withCredentials } from '@backup-awareness/contracts/plain';
import type { LetterSource } from '@backup-awareness/messaging/dead-letters';
import type { OutgoingMessage } from '@backup-awareness/messaging/publishing';
import { reasonOf, WrongUse } from '../output/failure.js';
import { onLastingBroker } from './broker-session.js';
import { readVariable } from './environment.js';
import { brokerUserOf, findInstallation, requireBroker } from './find-installation.js';

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
    brokerUserOf(amqpUrl),
  ];
  const users = {
    services: { ingest: named('ingest'), audit: named('audit') },
    replay: messaging.brokerUserName(vhost, 'replay'),
  };
  return onLettersBroker(url, (connection) => work({ connection, users, messaging }));
}

export type PublishAsReplay = (messages: readonly OutgoingMessage[]) => Promise<void>;

/** Publishes as the user `replay`, on a connection of its own. @throws WrongUse if it is not configured, Unreachable */
export async function onReplay<T>(
  environment: NodeJS.ProcessEnv,
  work: (publish: PublishAsReplay) => Promise<T>,
): Promise<T> {
  const { url } = await findBroker(environment);
  if (url === undefined)
    throw new WrongUse(
      'REPLAY_AMQP_PASSWORD is not set: only the broker user replay may say who sent a message and when it first arrived',
    );
  const { publishConfirmed } = await import('@backup-awareness/messaging/publishing');
  return onLettersBroker(url, (connection) =>
    work((messages) => publishConfirmed(connection, brokerUserOf(url), messages)),
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

/** As the user that may work with dead letters. @throws an error that says which user may, where this one may not */
async function onLettersBroker<T>(
  url: string,
  work: Parameters<typeof onLastingBroker<T>>[1],
): Promise<T> {
  return onLastingBroker(url, work).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== ACCESS_REFUSED) throw error;
    throw new Error(
      `the broker user ${brokerUserOf(url)} may not work with dead letters (${reasonOf(error)}): set REPLAY_AMQP_PASSWORD, the password of the user replay, or AMQP_URL to the URL of the broker's administrator`,
      { cause: error },
    );
  });
}

const ACCESS_REFUSED = 403;
