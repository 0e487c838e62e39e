import { certificateReader } from '@backup-awareness/service';
import { ConfigurationError, isUrlOf } from '@backup-awareness/service/variable-text';
import type { ConsoleConfiguration } from '../console-configuration.js';

/** How people sign in by OpenID Connect. */
export interface OidcConfiguration {
  readonly issuer: URL;
  /** The certificate of the authority that is trusted for the provider, in PEM; undefined: those that Node trusts. */
  readonly readCa: () => string | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  /** A name, or a path with dots, such as `realm_access.roles`. */
  readonly roleClaim: string;
  /** Whose role claim is or contains this is an operator. */
  readonly operatorValue: string | undefined;
  readonly viewerValue: string | undefined;
  /** Where the provider sends the browser back to. */
  readonly callback: URL;
}

export const OIDC_CALLBACK = '/sign-in/oidc/callback';

/** Undefined without OIDC_ISSUER. @throws ConfigurationError if a variable beside it is missing */
export function oidcConfiguration(all: ConsoleConfiguration): OidcConfiguration | undefined {
  if (all.OIDC_ISSUER === undefined) return undefined;
  const needed = (
    name: 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET' | 'OIDC_ROLE_CLAIM' | 'CONSOLE_URL',
  ): string => {
    const value = all[name];
    if (value !== undefined) return value;
    throw new ConfigurationError(
      `${name}: expected a value, since OIDC_ISSUER is set; got nothing`,
    );
  };
  if (all.OIDC_OPERATOR_VALUE === undefined && all.OIDC_VIEWER_VALUE === undefined)
    throw new ConfigurationError(
      'OIDC_OPERATOR_VALUE: expected a value, or one of OIDC_VIEWER_VALUE, since OIDC_ISSUER is set; got nothing',
    );
  const readTls = certificateReader('OIDC', { ca: all.OIDC_CA });
  return {
    issuer: new URL(all.OIDC_ISSUER),
    readCa: () => readTls().ca,
    clientId: needed('OIDC_CLIENT_ID'),
    clientSecret: needed('OIDC_CLIENT_SECRET'),
    roleClaim: needed('OIDC_ROLE_CLAIM'),
    operatorValue: all.OIDC_OPERATOR_VALUE,
    viewerValue: all.OIDC_VIEWER_VALUE,
    callback: new URL(OIDC_CALLBACK, needed('CONSOLE_URL')),
  };
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether an issuer is spoken to over TLS, or on this machine. */
export function isIssuer(text: string): boolean {
  if (!isUrlOf(['https:', 'http:'], text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || LOOPBACK.test(hostname);
}
