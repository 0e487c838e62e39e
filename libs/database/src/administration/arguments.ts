import {
  describe,
  FQDN_EXPECTED,
  hasMoreCharacters,
  normalizeFqdn,
  parseHostUser,
  parseSetting,
  storableText,
} from '@backup-awareness/contracts';
import { acceptedValue, refuseWith } from './refused-error.js';

/** @throws RefusedError for an invalid host name */
export function parseFqdn(fqdn: string): string {
  return normalizeFqdn(fqdn) ?? refuseWith('fqdn', FQDN_EXPECTED, describe(fqdn));
}

/** The author of a change. @throws RefusedError for an empty name */
export function parseAuthor(who: string): string {
  const name = storableText(who).trim();
  return name === '' ? refuseWith('who', 'the name of a person or program', describe(who)) : name;
}

const COMMENT_MAX = 1_000;

/** The reason for a change that needs one. @throws RefusedError unless it is one line of 1 to 1,000 characters */
export function parseComment(comment: string): string {
  const text = storableText(comment).trim();
  const isLine = text !== '' && !hasMoreCharacters(text, COMMENT_MAX) && !/\p{Cc}/u.test(text);
  return isLine
    ? text
    : refuseWith(
        'comment',
        `a reason in one line of at most ${COMMENT_MAX} characters`,
        describe(comment),
      );
}

/** @throws RefusedError for a period that an engine may not have */
export function parseAlertPeriod(days: string): string {
  return acceptedValue(parseSetting('BackupAlertPeriodInDays', days));
}

/** @throws RefusedError for a name that a host's broker user may not have */
export function parseBrokerUser(name: string): string {
  return acceptedValue(parseHostUser(name));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws RefusedError unless it is a UUID */
export function parseAlertId(alertId: string): string {
  return UUID.test(alertId)
    ? alertId.toLowerCase()
    : refuseWith('alert_id', 'an alert id (a UUID, see the list of alerts)', describe(alertId));
}
