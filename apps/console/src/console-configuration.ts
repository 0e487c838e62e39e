import {
  optionalTextVariable,
  secret,
  SERVICE_VARIABLES,
  servicesVariable,
  urlVariable,
  type Configuration,
} from '@backup-awareness/service/configuration';

export const CONSOLE_VARIABLES = SERVICE_VARIABLES.extend({
  /** Of the broker user `replay`, as whom dead letters are published again; without it they can only be looked at and discarded. */
  REPLAY_AMQP_PASSWORD: secret(optionalTextVariable('the password of the broker user replay')),
  /** The other services, to ask how they are. */
  SERVICE_URLS: servicesVariable(),
  /** Where browsers find it. With https, cookies are sent over TLS only. */
  CONSOLE_URL: urlVariable(['http:', 'https:'], 'https://backup.example.com').optional(),
});

export type ConsoleConfiguration = Configuration<typeof CONSOLE_VARIABLES>;
