import { accept, describe, refuse, type Result } from '../values/result.js';

const SUBSCRIBER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Parses the name of a component that subscribes to alerts. */
export function parseSubscriber(name: string): Result<string> {
  if (SUBSCRIBER.test(name)) return accept(name);
  return refuse(
    'name',
    'a name of 1 to 64 letters, digits, dots, hyphens and underscores that begins with a letter or digit',
    describe(name),
  );
}

/** The queue of a subscriber; its broker user has the same name. */
export function subscriberQueue(name: string): string {
  return `subscriber.${name}`;
}
