import { freePort } from '@backup-awareness/testing';
import {
  CLIENT,
  runOidcProvider,
  type OidcProvider,
  type Spoiled,
} from '@backup-awareness/testing/run-oidc-provider';
import { useConsole, type ServedConsole } from './use-console.js';

const ROLES: Readonly<Record<string, unknown>> = {
  anna: ['offline_access', 'backup-operator'],
  victor: 'backup-viewer',
  nobody: ['offline_access'],
};

/** ID tokens that must sign nobody in. */
export const SPOILED_TOKENS: readonly (readonly [string, Spoiled])[] = [
  ['forged', { claims: (claims) => claims, byForeignKey: true }],
  ['expired', { claims: (claims) => ({ ...claims, iat: 1_000, exp: 2_000 }) }],
  ['for another audience', { claims: (claims) => ({ ...claims, aud: 'another' }) }],
  ['of another issuer', { claims: (claims) => ({ ...claims, iss: 'https://other' }) }],
  ['of another sign-in', { claims: (claims) => ({ ...claims, nonce: 'another' }) }],
];

/** Gives all tests of a file one console and a provider, where anna is an operator, victor a viewer, and nobody neither. */
export function useOidcConsole(
  onServed: (served: ServedConsole, provider: OidcProvider) => void,
): void {
  let provider: OidcProvider;
  useConsole((served) => onServed(served, provider), {
    configure: async () => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      provider = await runOidcProvider({
        callback: `${url}/sign-in/oidc/callback`,
        claimsOf: (account) => ({
          preferred_username: account,
          realm_access: { roles: ROLES[account] },
        }),
      });
      return {
        HTTP_PORT: port,
        CONSOLE_URL: url,
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: CLIENT.id,
        OIDC_CLIENT_SECRET: CLIENT.secret,
        OIDC_ROLE_CLAIM: 'realm_access.roles',
        OIDC_OPERATOR_VALUE: 'backup-operator',
        OIDC_VIEWER_VALUE: 'backup-viewer',
      };
    },
  });
  afterAll(() => provider?.stop());
  afterEach(() => provider.spoil(undefined));
}
