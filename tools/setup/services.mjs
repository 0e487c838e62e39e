/** The services that run as one file each, by the folder of each in apps/. */
export const SERVICES = ['ingest', 'freshness-checker', 'audit', 'notifier'];
