import {
  ALERT_REQUESTS_EXCHANGE,
  ALERTS_EXCHANGE,
  parseSubscriber,
  subscriberQueue,
  type Result,
} from '@backup-awareness/contracts';
import { exactly } from './broker-users.js';
import type { ManagementAddress } from './management-api.js';
import { applyMadeUser, removeMadeUser, type MadeUserKind } from './made-users.js';

const SUBSCRIBER_USER: MadeUserKind = {
  tag: 'backup-awareness-subscriber',
  path: 'name',
  expected: "an unused name, or a subscriber's of this installation",
};

/**
 * Creates the broker user of a component that subscribes to alerts, or gives it a new password. Its name is that of its queue; it can
 * declare and read that queue, bind it to `ovirt.backup-alerts`, ask which alerts are active, and nothing else.
 *
 * @returns refused for an invalid name, or a user that this installation did not create
 * @throws ManagementUnreachable, or ManagementRefused with the broker's answer
 */
export async function applySubscriberUser(
  management: ManagementAddress,
  vhost: string,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<Result<'made' | 'renewed'>> {
  const parsed = parseSubscriber(name);
  if (!parsed.ok) return parsed;
  const queue = subscriberQueue(name);
  return applyMadeUser(management, vhost, SUBSCRIBER_USER, {
    name: queue,
    password,
    permissions: {
      configure: exactly(queue),
      // To bind takes the right to write to the queue, and to read from the exchange.
      write: exactly(queue, ALERT_REQUESTS_EXCHANGE),
      read: exactly(queue, ALERTS_EXCHANGE),
    },
  });
}

/**
 * Removes a subscriber's broker user; its connections end at once. Its queue and what waits in it stay.
 *
 * @returns refused for a user that this installation did not create
 * @throws ManagementUnreachable, or ManagementRefused with the broker's answer
 */
export async function removeSubscriberUser(
  management: ManagementAddress,
  vhost: string,
  name: string,
): Promise<Result<'removed' | 'absent'>> {
  const parsed = parseSubscriber(name);
  if (!parsed.ok) return parsed;
  return removeMadeUser(management, vhost, SUBSCRIBER_USER, subscriberQueue(name));
}
