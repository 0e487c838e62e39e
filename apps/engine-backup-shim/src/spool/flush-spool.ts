import { errorText } from '@backup-awareness/contracts/plain';
import { BrokerUnavailable } from '../broker/broker-trouble.js';
import { openBrokerSession, type BrokerSession } from '../broker/broker-session.js';
import { configuredEngine, type HostConfiguration } from '../host/configuration.js';
import { deliver, type Consignment } from '../broker/deliver.js';
import { takeDeliveryLock } from './delivery-lock.js';
import { codeOf } from '../failure.js';
import type { HostPaths } from '../host/paths.js';
import { reportEvents } from './report-events.js';
import { fillReserve, withReserve } from './reserve.js';
import { dropOldestStarted } from './spool-bound.js';
import { finishAbandoned, listRecords, readRecord, removeRecord, setAside } from './spool.js';

/** What has become of the reports in the spool; a report is one record, whatever the number of its scopes. */
export interface FlushOutcome {
  readonly delivered: number;
  /** Those that can never be delivered: they lie in the folder `refused`. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  /** Unfinished ones of writers that were killed. */
  readonly unfinished: number;
  /** Those of started backups that the bound of the spool did not leave room for. */
  readonly dropped: number;
  readonly excessBytes: number;
  readonly waiting: number;
  /** Why some still wait. */
  readonly trouble?: string;
}

/**
 * Delivers what lies in the spool, in order; what comes into it meanwhile, too.
 *
 * @param first a session that is being opened already
 * @returns undefined where another process is at it
 * @throws Failure where the host's configuration does not allow it
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
  function* consignments(): Generator<Consignment> {
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
  let trouble: string | undefined;
  try {
    while (listRecords(spool).length > 0)
      await deliver(open, consignments, { silenceMs: timeoutMs });
  } catch (error) {
    if (!(error instanceof BrokerUnavailable)) throw error;
    trouble = errorText(error);
  }
  const bound = dropOldestStarted(spool, listRecords(spool), configuration.SPOOL_MAX_BYTES);
  const waiting = listRecords(spool).length;
  return {
    delivered,
    refused,
    unfinished,
    ...bound,
    waiting,
    ...(trouble === undefined ? {} : { trouble }),
  };
}

/** The events of a record; one that can never be read as one is refused. Undefined where there is nothing to deliver. */
function eventsOf(
  spool: string,
  name: string,
  fqdn: string,
  refuse: (reason: string) => void,
): Consignment['events'] | undefined {
  try {
    const record = readRecord(spool, name);
    if (!('unreadable' in record)) return reportEvents(name, record, fqdn);
    refuse(record.unreadable);
  } catch (error) {
    // A code is the system's: the disk does not let it be read now.
    if (codeOf(error) !== undefined) throw error;
    refuse(errorText(error));
  }
  return undefined;
}
