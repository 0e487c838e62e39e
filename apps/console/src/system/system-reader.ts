import { errorText } from '@backup-awareness/contracts';
import { ensureDatabaseReady } from '@backup-awareness/database';
import type { BrokerConnection } from '@backup-awareness/messaging';
import {
  systemDocument,
  type Known,
  type SystemDocument,
} from '@backup-awareness/overview/documents';
import { readSystemState } from '@backup-awareness/overview/state';
import { askServices, askVersions, lookAtQueues } from '@backup-awareness/overview/surroundings';
import { PRODUCT_VERSION } from '@backup-awareness/service';
import type { DataSource } from 'typeorm';
import { readSnapshot } from '../endpoints/read-snapshot.js';

export interface SystemReaderOptions {
  readonly db: DataSource;
  readonly connection: BrokerConnection;
  /** The URLs of the other services, by name; undefined: not known. */
  readonly services: Readonly<Record<string, string>> | undefined;
}

/** A part that hangs is unknown, and holds up no other. */
const PART_WITHIN_MS = 3_000;
const SERVICE_WITHIN_MS = 2_500;
const FRESH_MS = 2_000;

/** Reads how the services, the broker and the database are; all who ask within two seconds share one reading. */
export class SystemReader {
  private latest: { readonly at: number; readonly document: Promise<SystemDocument> } | undefined;

  constructor(private readonly options: SystemReaderOptions) {}

  /** Takes a few seconds at most, and never throws. */
  read(): Promise<SystemDocument> {
    const now = performance.now();
    if (!this.latest || now - this.latest.at > FRESH_MS)
      this.latest = { at: now, document: this.readParts() };
    return this.latest.document;
  }

  private async readParts(): Promise<SystemDocument> {
    const { db, connection } = this.options;
    const [database, queues, services] = await Promise.all([
      known(async () => {
        if (!db.isInitialized) await ensureDatabaseReady(db);
        return readSnapshot(db, readSystemState);
      }),
      known(async () => {
        const reason = connection.unreadyReason();
        if (connection.brokerVersion() === undefined) throw new Error(reason ?? 'not connected');
        return lookAtQueues(connection.model);
      }),
      known(() => this.readServices()),
    ]);
    const versions = { console: PRODUCT_VERSION, rabbitmq: connection.brokerVersion() };
    return systemDocument({ database, queues, services, versions });
  }

  private async readServices() {
    const { services } = this.options;
    if (services === undefined) throw new Error('SERVICE_URLS is not set');
    const [readiness, versions] = await Promise.all([
      askServices(services, SERVICE_WITHIN_MS),
      askVersions(services, SERVICE_WITHIN_MS),
    ]);
    return readiness.map((one, index) => ({ ...one, version: versions[index]?.version }));
  }
}

async function known<T>(read: () => Promise<T>): Promise<Known<T>> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${PART_WITHIN_MS / 1_000} s`)),
      PART_WITHIN_MS,
    );
  });
  try {
    return { isKnown: true, value: await Promise.race([read(), tooLate]) };
  } catch (error) {
    return { isKnown: false, reason: errorText(error) };
  } finally {
    clearTimeout(timer);
  }
}
