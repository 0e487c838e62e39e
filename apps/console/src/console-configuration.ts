import {
  SERVICE_VARIABLES,
  urlVariable,
  type Configuration,
} from '@backup-awareness/service/configuration';

export const CONSOLE_VARIABLES = SERVICE_VARIABLES.pick({
  DATABASE_URL: true,
  DATABASE_CA: true,
  DATABASE_CERT: true,
  DATABASE_KEY: true,
  HTTP_PORT: true,
  HTTP_HOST: true,
  LOG_LEVEL: true,
}).extend({
  /** Where browsers find it. With https, cookies are sent over TLS only. */
  CONSOLE_URL: urlVariable(['http:', 'https:'], 'https://backup.example.com').optional(),
});

export type ConsoleConfiguration = Configuration<typeof CONSOLE_VARIABLES>;
