import {
  optionalTextVariable,
  pemVariable,
  secret,
  SERVICE_VARIABLES,
  servicesVariable,
  textVariable,
  urlVariable,
  type Configuration,
} from '@backup-awareness/service/configuration';
import { isIssuer } from './access/oidc-configuration.js';

export const CONSOLE_VARIABLES = SERVICE_VARIABLES.extend({
  /** Of the broker user `replay`, as whom dead letters are published again; without it they can only be looked at and discarded. */
  REPLAY_AMQP_PASSWORD: secret(optionalTextVariable('the password of the broker user replay')),
  /** The other services, to ask how they are. */
  SERVICE_URLS: servicesVariable(),
  /** Where browsers find it. With https, cookies are sent over TLS only. */
  CONSOLE_URL: urlVariable(['http:', 'https:'], 'https://backup.example.com').optional(),
  /** The command that reports a trial backup of this host, to be shown on the page of this host as an engine; `npm start` gives it. */
  TRIAL_COMMAND: optionalTextVariable('a command that reports a trial backup of this host'),
  /** With it, people sign in by OpenID Connect. */
  OIDC_ISSUER: textVariable(
    'an https URL such as https://sso.example.com/realms/ovirt (http only on this machine)',
    isIssuer,
  ).optional(),
  OIDC_CA: pemVariable('the certificate of the authority that signed the provider’s'),
  OIDC_CLIENT_ID: optionalTextVariable('the id of the client at the provider'),
  OIDC_CLIENT_SECRET: secret(optionalTextVariable('the secret of the client at the provider')),
  OIDC_ROLE_CLAIM: optionalTextVariable('the claim that says the role, as realm_access.roles'),
  OIDC_OPERATOR_VALUE: optionalTextVariable('the value of the claim that makes an operator'),
  OIDC_VIEWER_VALUE: optionalTextVariable('the value of the claim that makes a viewer'),
});

export type ConsoleConfiguration = Configuration<typeof CONSOLE_VARIABLES>;
