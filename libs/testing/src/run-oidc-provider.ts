import { exportJWK, generateKeyPair, SignJWT, decodeJwt, type JWTPayload } from 'jose';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import Provider from 'oidc-provider';
import type { Certificate } from './certificates.js';
import { freePort } from './free-port.js';

export const CLIENT = { id: 'backup-awareness', secret: 'a-secret-of-the-client' };

/** How the ID token is spoiled; by which key it is signed. */
export interface Spoiled {
  readonly claims: (claims: JWTPayload) => JWTPayload;
  readonly byForeignKey?: boolean;
}

export interface OidcProvider {
  readonly issuer: string;
  /** Spoils the ID tokens that follow; undefined: no longer. */
  spoil(how: Spoiled | undefined): void;
  stop(): Promise<void>;
}

export interface OidcProviderOptions {
  /** Where it sends browsers back to. */
  readonly callback: string;
  readonly claimsOf: (account: string) => Record<string, unknown>;
  /** Makes it speak TLS. */
  readonly certificate?: Certificate;
  /** Of the issuer. To a browser, `localhost` is another site than 127.0.0.1. */
  readonly host?: 'localhost' | '127.0.0.1';
}

/** What somebody sees who is sent there; a program answers at once, by `?account=NAME`. */
const LOGIN_PAGE = `<!doctype html><html lang="en"><title>Provider</title><form>
  <label>Account <input name="account"></label> <button>Log in</button> <button name="refuse">Cancel</button>
</form></html>`;

/** What a provider says may be anything. */
const REFUSED = { error: 'access_denied', error_description: '<b>refused</b> by the provider' };

/** A real provider, which logs in whoever says a name. */
export async function runOidcProvider({
  callback,
  claimsOf,
  certificate,
  host = '127.0.0.1',
}: OidcProviderOptions): Promise<OidcProvider> {
  const port = await freePort();
  const issuer = `${certificate ? 'https' : 'http'}://${host}:${port}`;
  const own = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256');
  let spoiled: Spoiled | undefined;
  const provider: Provider = new Provider(issuer, {
    jwks: {
      keys: [{ ...(await exportJWK(own.privateKey)), kid: 'own', alg: 'RS256', use: 'sig' }],
    },
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [callback],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    cookies: { keys: ['a key'] },
    features: { devInteractions: { enabled: false } },
    claims: { openid: ['sub', 'realm_access'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, accountId) => ({
      accountId,
      claims: async () => ({ sub: accountId, ...claimsOf(accountId) }),
    }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({
        clientId: oidc.client!.clientId,
        accountId: oidc.session!.accountId!,
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (context, next) => {
    await next();
    const body = context.body as { id_token?: string } | undefined;
    if (!spoiled || !body?.id_token) return;
    const claims = spoiled.claims(decodeJwt(body.id_token));
    const key = spoiled.byForeignKey ? foreign : own;
    body.id_token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'own' })
      .sign(key.privateKey);
  });
  const callbackOf = provider.callback();
  const answer: RequestListener = (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, issuer);
    if (!pathname.startsWith('/interaction/')) return void callbackOf(request, response);
    const accountId = searchParams.get('account');
    const isRefused = searchParams.has('refuse');
    if (accountId === null && !isRefused)
      return response.setHeader('content-type', 'text/html').end(LOGIN_PAGE);
    const result = isRefused ? REFUSED : { login: { accountId } };
    void provider.interactionFinished(request, response, result);
  };
  const server = certificate
    ? createSecureServer(
        { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) },
        answer,
      )
    : createServer(answer);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    issuer,
    spoil: (how) => (spoiled = how),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
