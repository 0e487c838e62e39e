import { isSchedule, scheduleOf } from './mail/schedule.js';
import { parseSmtpUrl } from './mail/smtp-url.js';
import {
  optionalTextVariable,
  pemVariable,
  secret,
  SERVICE_VARIABLES,
  textVariable,
  type Configuration,
  type Variables,
} from '@backup-awareness/service/configuration';
import {
  isUrlOf,
  parseServiceUrls,
  SERVICE_URLS_EXPECTED,
} from '@backup-awareness/service/variable-text';
import { z } from 'zod';

const HTTP = ['http:', 'https:'];

/** A URL that may have a user and a password; never shown. */
function receiverVariable(example: string) {
  const expected = `a URL such as ${example}, with special characters percent-encoded`;
  return secret(textVariable(expected, isReceiver).optional());
}

/** A list of such URLs, separated by commas. */
function receiversVariable(example: string) {
  const expected = `URLs separated by commas, each as ${example}, with special characters percent-encoded`;
  return secret(
    textVariable(expected, (text) => listed(text).every(isReceiver))
      .transform((text) => [...new Set(listed(text))])
      .optional(),
  );
}

function isReceiver(text: string): boolean {
  if (!isUrlOf(HTTP, text)) return false;
  const { username, password } = new URL(text);
  try {
    [username, password].forEach((part) => decodeURIComponent(part));
    return true;
  } catch {
    // A % that encodes nothing.
    return false;
  }
}

/** A URL that is shown: it must have no user and no password. Not shown if it is refused, as it may have. */
function shownUrlVariable(example: string, instead = '') {
  const expected = `a URL without user and password such as ${example}${instead}`;
  return secret(
    textVariable(expected, (text) => {
      if (!isUrlOf(HTTP, text)) return false;
      const { username, password } = new URL(text);
      return username === '' && password === '';
    }),
  );
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function addressesVariable(expected: string) {
  return textVariable(expected, (text) =>
    listed(text).every((one) => /^[^@\s]+@[^@\s]+$/.test(one)),
  );
}

/** Services by name, such as `ingest=http://ingest:8080,audit=http://audit:8080`. */
function servicesVariable() {
  return textVariable(SERVICE_URLS_EXPECTED, (text) => parseServiceUrls(text) !== undefined)
    .transform((text) => parseServiceUrls(text)!)
    .optional();
}

/** The base URL of links: a slash joins the rest to it. */
function pageVariable(example: string) {
  const url = shownUrlVariable(example);
  return secret(url.transform((text) => text.replace(/\/+$/, '')).optional());
}

/** The variables that others require. */
type Needs = readonly (readonly [string, readonly string[]])[];

const NEEDED_BY_DESTINATIONS: Needs = [
  ['SMTP_URL', ['MAIL_FROM', 'MAIL_TO']],
  ['OVIRT_API_URL', ['OVIRT_API_USER', 'OVIRT_API_PASSWORD']],
];
/** Whether the services are ready is a part of what a heartbeat proves. */
const NEEDED_BY_HEARTBEAT: Needs = [['HEARTBEAT_URL', ['SERVICE_URLS']]];

function needing<V extends Variables>(variables: V, needs: Needs): V {
  return variables.superRefine((given, context) => {
    for (const [name, needed] of needs)
      if (given[name] !== undefined)
        for (const other of needed)
          if (given[other] === undefined)
            context.addIssue({
              code: 'custom',
              path: [other],
              message: `a value, since ${name} is set`,
            });
  });
}

const DESTINATIONS = z.object({
  /** Every replica of an Alertmanager cluster. */
  ALERTMANAGER_URLS: receiversVariable('http://alertmanager:9093'),
  WEBHOOK_URL: receiverVariable('https://example.com/hook'),
  /** The key of the signature by which the receiver recognises our events. */
  WEBHOOK_SECRET: secret(
    textVariable('a text of at least 16 characters', (text) => text.length >= 16).optional(),
  ),
  SMTP_URL: secret(
    textVariable(
      'a URL such as smtp://user:password@mail:587, with special characters percent-encoded',
      (text) => parseSmtpUrl(text) !== undefined,
    ).optional(),
  ),
  MAIL_FROM: addressesVariable('an address, as backup-awareness@example.com').optional(),
  MAIL_TO: addressesVariable(
    'addresses separated by commas, as a@example.com,b@example.com',
  ).optional(),
  /** When the digest is sent, in the time zone of the process. */
  DIGEST_CRON: textVariable('a schedule as cron writes it, as 0 7 * * 1 (Mondays at 7)', isSchedule)
    .default('0 7 * * 1')
    .transform(scheduleOf),
  HEARTBEAT_URL: receiverVariable('https://hc.example.com/ping/key'),
  OVIRT_API_URL: secret(
    shownUrlVariable(
      'https://engine.example.com/ovirt-engine/api',
      ' (set OVIRT_API_USER and OVIRT_API_PASSWORD)',
    ).optional(),
  ),
  OVIRT_API_USER: optionalTextVariable('a user of the engine, as admin@internal'),
  OVIRT_API_PASSWORD: secret(optionalTextVariable('the password of OVIRT_API_USER')),
  OVIRT_API_CA: pemVariable('the certificate of the authority that signed the engine’s'),
  CONSOLE_URL: pageVariable('https://console.example.com'),
  RUNBOOK_URL: pageVariable('https://docs.example.com/runbooks'),
});

/** The destinations and how they are notified: what `npm start` can check before anything runs. */
export const DESTINATION_VARIABLES = needing(DESTINATIONS, NEEDED_BY_DESTINATIONS);

/** The notifier's configuration, and the only source of its destinations. It needs no broker. */
export const NOTIFIER_VARIABLES = needing(
  SERVICE_VARIABLES.omit({
    AMQP_URL: true,
    AMQP_CA: true,
    AMQP_CERT: true,
    AMQP_KEY: true,
    AMQP_MANAGEMENT_URL: true,
  }).extend({
    ...DESTINATIONS.shape,
    /** Services whose readiness is polled; one that is not ready for long makes the status unknown. */
    SERVICE_URLS: servicesVariable(),
  }),
  [...NEEDED_BY_DESTINATIONS, ...NEEDED_BY_HEARTBEAT],
);

export type NotifierConfiguration = Configuration<typeof NOTIFIER_VARIABLES>;
