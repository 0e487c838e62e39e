/** A defect, as an edit of one compiled file. */
export interface BrokenBuild {
  readonly what: string;
  /** Relative to the checkout. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** What a run has to find. None of it is in the product: a copy is broken, and thrown away. */
export const BROKEN_BUILDS: Readonly<Record<string, BrokenBuild>> = {
  'ack-before-commit': {
    what: 'ingest says that reports are stored, so that they are acknowledged, before they are',
    file: 'apps/ingest/dist/reports.controller.js',
    find: 'store: (good) => logReports(this.dataSource, good),',
    replace: `store: async (reports) => {
                void logReports(this.dataSource, reports).catch(() => undefined);
                return reports.map(() => 'stored');
            },`,
  },
  'event-outside-transaction': {
    what: 'the checker writes its events some seconds after the transaction that decides, not within it',
    file: 'apps/freshness-checker/dist/record-decisions.js',
    find: 'await enqueue(transaction, ',
    replace: `setTimeout((...given) => void enqueue(...given).catch(() => undefined), 5_000, transaction.connection, `,
  },
  'condemned-by-the-brokers-count': {
    what: 'a message that the broker has delivered four times is hopeless, whatever has failed',
    file: 'libs/messaging/dist/lone-tries.js',
    find: 'if (before.triesBefore >= TRIES_MAX)',
    replace: 'if (delivery.deliveryCount >= 4)',
  },
  'hostile-unburied': {
    what: 'a dead letter that cannot be published with its sender’s headers is never published without them',
    file: 'libs/messaging/dist/dead-letter.js',
    find: 'options: { headers },',
    replace:
      'options: { ...senderProperties(delivery), headers: { ...delivery.headers, ...headers } },',
  },
};
