import {
  describe,
  FQDN_EXPECTED,
  normalizeFqdn,
  parseHostUser,
  parseSetting,
  storableText,
} from '@backup-awareness/contracts';
import { acceptedValue, refuseWith } from './refused-error.js';

/** @throws RefusedError where it is no host name */
export function parseFqdn(fqdn: string): string {
  return normalizeFqdn(fqdn) ?? refuseWith('fqdn', FQDN_EXPECTED, describe(fqdn));
}

/** Whoever is named as the author of a change. @throws RefusedError where nobody is */
export function parseAuthor(who: string): string {
  const name = storableText(who).trim();
  return name === '' ? refuseWith('who', 'the name of a person or program', describe(who)) : name;
}

/** Why somebody does what is not done lightly. @throws RefusedError where nothing is said */
export function parseComment(comment: string): string {
  const text = storableText(comment).trim();
  return text === '' ? refuseWith('comment', 'a reason', describe(comment)) : text;
}

/** @throws RefusedError where it is no period that an engine may have */
export function parseAlertPeriod(days: string): string {
  return acceptedValue(parseSetting('BackupAlertPeriodInDays', days));
}

/** @throws RefusedError where it is no name that a host's broker user may have */
export function parseBrokerUser(name: string): string {
  return acceptedValue(parseHostUser(name));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws RefusedError where it is no UUID */
export function parseAlertId(alertId: string): string {
  return UUID.test(alertId)
    ? alertId.toLowerCase()
    : refuseWith('alert_id', 'a UUID, as the list of alerts shows it', describe(alertId));
}
