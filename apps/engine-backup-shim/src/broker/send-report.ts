import type { OutgoingEvent } from '@backup-awareness/contracts/plain';
import { openBrokerSession, type BrokerSession } from './broker-session.js';
import type { HostConfiguration } from '../host/configuration.js';
import { within } from './within.js';

/**
 * Delivers one report without the spool. Resolves when the broker has confirmed all its events.
 *
 * @param first a session that is already being opened
 * @throws BrokerUnavailable, EventRefused, or Failure if the configuration is at fault
 */
export async function sendReport(
  configuration: HostConfiguration,
  events: readonly OutgoingEvent[],
  first?: Promise<BrokerSession>,
): Promise<void> {
  const timeoutMs = configuration.DELIVERY_TIMEOUT_S * 1000;
  const session = await (first ?? openBrokerSession(configuration, timeoutMs));
  try {
    await within(timeoutMs, Promise.all(events.map((event) => session.publish(event))));
  } finally {
    await session.close();
  }
}
