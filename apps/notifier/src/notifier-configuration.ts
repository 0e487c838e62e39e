import {
  secret,
  SERVICE_VARIABLES,
  textVariable,
  urlVariable,
  type Configuration,
} from '@backup-awareness/service';

const HTTP = ['http:', 'https:'];

/** Several of one kind, separated by commas. */
function urlsVariable(example: string) {
  const expected = `URLs separated by commas, each as ${example}`;
  const one = urlVariable(HTTP, example);
  return textVariable(expected, (text) => listed(text).every((url) => one.safeParse(url).success))
    .transform(listed)
    .optional();
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** A page to link to: what follows is joined to it with a slash. */
function pageVariable(example: string) {
  return urlVariable(HTTP, example)
    .transform((url) => url.replace(/\/+$/, ''))
    .optional();
}

/** What the notifier is configured by. Where it tells people comes from here alone. It needs no broker. */
export const NOTIFIER_VARIABLES = SERVICE_VARIABLES.omit({
  AMQP_URL: true,
  AMQP_CA: true,
  AMQP_CERT: true,
  AMQP_KEY: true,
  AMQP_MANAGEMENT_URL: true,
}).extend({
  /** Every replica of an Alertmanager cluster. */
  ALERTMANAGER_URLS: secret(urlsVariable('http://alertmanager:9093')),
  WEBHOOK_URL: secret(urlVariable(HTTP, 'https://example.com/hook').optional()),
  /** By which the receiver knows our events. */
  WEBHOOK_SECRET: secret(
    textVariable('a text of at least 16 characters', (text) => text.length >= 16).optional(),
  ),
  CONSOLE_URL: pageVariable('https://console.example.com'),
  RUNBOOK_URL: pageVariable('https://docs.example.com/runbooks'),
});

export type NotifierConfiguration = Configuration<typeof NOTIFIER_VARIABLES>;
