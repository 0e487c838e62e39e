/** A defect, as an edit of one compiled file. */
export interface BrokenBuild {
  readonly what: string;
  /** Relative to the checkout. */
  readonly file: string;
  /** Occurs in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** Defects that a run must find. None is in the product: only a temporary copy has it. */
export const BROKEN_BUILDS: Readonly<Record<string, BrokenBuild>> = {
  'ack-before-commit': {
    what: 'ingest reports as stored, and so acknowledges, what is not stored yet',
    file: 'apps/ingest/dist/reports.controller.js',
    find: 'store: (good) => logReports(this.dataSource, good),',
    replace: `store: async (reports) => {
                void logReports(this.dataSource, reports).catch(() => undefined);
                return reports.map(() => 'stored');
            },`,
  },
  'event-outside-transaction': {
    what: 'the checker writes its events seconds after the transaction that decides, not within it',
    file: 'apps/freshness-checker/dist/record-decisions.js',
    find: 'await enqueue(transaction, ',
    replace: `setTimeout((...given) => void enqueue(...given).catch(() => undefined), 5_000, transaction.connection, `,
  },
  'condemned-by-the-brokers-count': {
    what: 'a message that the broker has delivered four times is dead-lettered, whatever failed',
    file: 'libs/messaging/dist/dead-letters/lone-tries.js',
    find: 'if (before.triesBefore >= TRIES_MAX)',
    replace: 'if (delivery.deliveryCount >= 4)',
  },
  'clears-forgotten': {
    what: 'the notifier does not note that an alert was cleared',
    file: 'libs/database/dist/notifications/note-changes.js',
    find: 'SHOWN_AGAIN, CLEARED, ',
    replace: 'SHOWN_AGAIN, ',
  },
  'hostile-unburied': {
    what: 'a dead letter that cannot be published with its sender’s headers is not published without them',
    file: 'libs/messaging/dist/dead-letters/dead-letter.js',
    find: 'options: { headers },',
    replace:
      'options: { ...senderProperties(delivery), headers: { ...delivery.headers, ...headers } },',
  },
};
