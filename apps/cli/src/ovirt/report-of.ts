import {
  ENGINE_BACKUP_EXCHANGE,
  engineSource,
  REPORT_STATUS,
} from '@backup-awareness/contracts/plain';
import type { OutgoingEvent } from '@backup-awareness/contracts/plain';
import { createHash } from 'node:crypto';
import type { LastSuccess } from './last-successes.js';

const NAME = 'ENGINE_BACKUP_COMPLETED';

/** The report of a success in oVirt's table. The same row makes the same report, so that importing twice stores it once. */
export function reportOf(success: LastSuccess): OutgoingEvent {
  const { fqdn, scope, doneAt, outputMessage, logPath } = success;
  return {
    id: idOf(success),
    name: NAME,
    exchange: ENGINE_BACKUP_EXCHANGE,
    routingKey: `${NAME}.${scope}`,
    source: engineSource(fqdn),
    subject: scope,
    time: doneAt,
    data: {
      scope,
      done_at: doneAt,
      status: REPORT_STATUS[NAME],
      output_message: outputMessage,
      fqdn,
      log_path: logPath,
    },
  };
}

/** Made of all that the report says: an id never stands for two contents. */
export function idOf({ fqdn, scope, doneAt, outputMessage, logPath }: LastSuccess): string {
  const content = JSON.stringify([fqdn, scope, doneAt, outputMessage, logPath]);
  return `ovirt-${createHash('sha256').update(content).digest('hex')}`;
}
