import { randomUUID } from 'node:crypto';

/** The six fields of a report, as a message has them. */
export interface Report {
  readonly scope: string;
  readonly done_at: string;
  readonly status: -1 | 0 | 1;
  readonly output_message: string;
  readonly fqdn: string;
  readonly log_path: string;
}

const EVENT_NAMES = {
  '-1': 'ENGINE_BACKUP_FAILED',
  0: 'ENGINE_BACKUP_STARTED',
  1: 'ENGINE_BACKUP_COMPLETED',
} as const;

/** A success of `db`, just done, except for the fields given. */
export function report(fields: Partial<Report> & { readonly fqdn: string }): Report {
  return {
    scope: 'db',
    done_at: new Date().toISOString(),
    status: 1,
    output_message: 'Backup Finished',
    log_path: '/var/log/ovirt-engine-backup/backup.log',
    ...fields,
  };
}

export function eventName({ status }: Report): string {
  return EVENT_NAMES[status];
}

export function routingKeyOf(data: Report): string {
  return `${eventName(data)}.${data.scope}`;
}

/** The report as a CloudEvent. */
export function cloudEvent(data: Report, id: string = randomUUID()) {
  return {
    specversion: '1.0',
    id,
    source: `/ovirt/engines/${data.fqdn}`,
    type: `org.ovirt.${eventName(data)}`,
    subject: data.scope,
    time: data.done_at,
    datacontenttype: 'application/json',
    data,
  };
}

/** The instant `hours` ago, as RFC 3339. */
export function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * 3_600_000).toISOString();
}
