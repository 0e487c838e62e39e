import { errorText } from '@backup-awareness/contracts/plain';
import { BrokerUnavailable } from '../broker/broker-errors.js';
import { openBrokerSession, type BrokerSession } from '../broker/broker-session.js';
import { configuredEngine, type HostConfiguration } from '../host/configuration.js';
import { deliver, type Delivery } from '../broker/deliver.js';
import { takeDeliveryLock } from './delivery-lock.js';
import { codeOf } from '../failure.js';
import type { HostPaths } from '../host/paths.js';
import { reportEvents } from './report-events.js';
import { fillReserve, withReserve } from './reserve.js';
import { dropOldestStarted } from './spool-bound.js';
import { finishAbandoned, listRecords, readRecord, removeRecord, setAside } from './spool.js';

/** What happened to the reports in the spool; a report is one record, whatever the number of its scopes. */
export interface FlushOutcome {
  readonly delivered: number;
  /** Those that can never be delivered; they are now in the folder `refused`. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  /** Incomplete records of killed writers, which were removed. */
  readonly unfinished: number;
  /** Reports of started backups that were dropped because the spool was over its limit. */
  readonly dropped: number;
  readonly excessBytes: number;
  readonly pending: number;
  /** Why some are still pending. */
  readonly brokerError?: string;
}

/**
 * Delivers the records in the spool in order, including those added in the meantime.
 *
 * @param first a session that is already being opened
 * @returns undefined if another process is delivering
 * @throws Failure if the host's configuration does not allow it
 */
export async function flushSpool(
  paths: HostPaths,
  configuration: HostConfiguration,
  first?: Promise<BrokerSession>,
): Promise<FlushOutcome | undefined> {
  const unlock = await withReserve(paths.state, () => takeDeliveryLock(paths.state));
  if (!unlock) return undefined;
  try {
    const outcome = await flush(paths, configuration, first);
    fillReserve(paths.state);
    return outcome;
  } finally {
    unlock();
  }
}

async function flush(
  paths: HostPaths,
  configuration: HostConfiguration,
  first: Promise<BrokerSession> | undefined,
): Promise<FlushOutcome> {
  const { spool } = paths;
  const engine = configuredEngine(configuration, paths.root).fqdn;
  const unfinished = finishAbandoned(spool, Date.now()).length;
  const refused: { name: string; reason: string }[] = [];
  let delivered = 0;
  const refuse = (name: string) => (reason: string) => {
    setAside(paths, name, reason);
    refused.push({ name, reason });
  };
  function* deliveries(): Generator<Delivery> {
    for (const name of listRecords(spool)) {
      const events = eventsOf(spool, name, engine, refuse(name));
      if (!events) continue;
      const confirmed = () => {
        removeRecord(spool, name);
        delivered++;
      };
      yield { events, confirmed, refused: refuse(name) };
    }
  }
  const timeoutMs = configuration.DELIVERY_TIMEOUT_S * 1000;
  let opening = first;
  const open = () => {
    const session = opening ?? openBrokerSession(configuration, timeoutMs);
    opening = undefined;
    return session;
  };
  let brokerError: string | undefined;
  try {
    while (listRecords(spool).length > 0) await deliver(open, deliveries, { silenceMs: timeoutMs });
  } catch (error) {
    if (!(error instanceof BrokerUnavailable)) throw error;
    brokerError = errorText(error);
  }
  const bound = dropOldestStarted(spool, listRecords(spool), configuration.SPOOL_MAX_BYTES);
  const pending = listRecords(spool).length;
  return {
    delivered,
    refused,
    unfinished,
    ...bound,
    pending,
    ...(brokerError === undefined ? {} : { brokerError }),
  };
}

/** The events of a record. Refuses an invalid record, and returns undefined. */
function eventsOf(
  spool: string,
  name: string,
  fqdn: string,
  refuse: (reason: string) => void,
): Delivery['events'] | undefined {
  try {
    const record = readRecord(spool, name);
    if (!('unreadable' in record)) return reportEvents(name, record, fqdn);
    refuse(record.unreadable);
  } catch (error) {
    // An error with a code is the system's: the record may be readable later.
    if (codeOf(error) !== undefined) throw error;
    refuse(errorText(error));
  }
  return undefined;
}
