import { Logger } from '@nestjs/common';
import type { Identity } from '@backup-awareness/database';
import * as client from 'openid-client';
import { Problem } from '../http/problem.js';
import { askProvider, providerUnreachable } from './ask-provider.js';
import type { OidcConfiguration } from './oidc-configuration.js';
import { Refusal } from './refusal.js';
import { oidcRole } from './oidc-role.js';

/** What a browser keeps while it is at the provider; nobody else knows it. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Signs people in at a provider of OpenID Connect, by code with PKCE. */
export interface OidcClient {
  /** Where to send the browser. @throws Problem 503 while the provider does not answer */
  begin(): Promise<{ readonly url: URL; readonly pending: PendingSignIn }>;
  /**
   * Who comes back.
   *
   * @param query of the callback, with its question mark
   * @throws Problem 401 for an answer that is not valid, 403 for somebody without a role, 503 while the provider does not answer or has an error of its own
   */
  finish(query: string, pending: PendingSignIn): Promise<Identity>;
}

const NAME_CHARACTERS_MAX = 200;
/** As OpenID Connect limits it. */
const SUBJECT_CHARACTERS_MAX = 255;
// Control characters, those that change the direction of text, and lone surrogates.
const NOT_IN_NAMES = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

export function oidcClient(configuration: OidcConfiguration): OidcClient {
  const { issuer, readCa, clientId, clientSecret, callback } = configuration;
  const log = new Logger('openid-connect');
  let discovered: client.Configuration | undefined;

  /** Asks again until the provider has answered once. */
  async function provider(): Promise<client.Configuration> {
    discovered ??= await client.discovery(issuer, clientId, clientSecret, undefined, {
      [client.customFetch]: askProvider(readCa),
      // Without the second the signature of what comes from the provider over TLS would not be verified.
      execute: [
        ...(issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []),
        client.enableNonRepudiationChecks,
      ],
    });
    return discovered;
  }

  async function asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Problem) throw error;
      const unreachable = providerUnreachable(error);
      log.warn(`${issuer.href}: ${reasonOf(unreachable ?? error)}`);
      if (isProvidersFault(error)) throw providerAway('cannot sign anybody in now');
      // What the provider says is for the log: it may be anything.
      if (error instanceof client.AuthorizationResponseError)
        throw new Refusal('provider_refused', 401, 'the provider has not signed anybody in');
      if (!unreachable)
        throw new Refusal(
          'answer_not_valid',
          401,
          'the answer of the provider is not valid: sign in again',
        );
      // Other reasons may tell an address, which is not for somebody who has not signed in.
      const why = unreachable.tls === undefined ? '' : `: ${unreachable.tls}`;
      throw providerAway(`does not answer${why}`);
    }
  }

  function providerAway(how: string): Refusal {
    return new Refusal(
      'provider_away',
      503,
      `the provider ${issuer.href} ${how}; signing in by a token works`,
      { retryAfter: 10 },
    );
  }

  return {
    begin: () =>
      asked(async () => {
        const pending = {
          state: client.randomState(),
          nonce: client.randomNonce(),
          verifier: client.randomPKCECodeVerifier(),
        };
        const url = client.buildAuthorizationUrl(await provider(), {
          redirect_uri: callback.href,
          scope: 'openid profile',
          state: pending.state,
          nonce: pending.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
          code_challenge_method: 'S256',
        });
        return { url, pending };
      }),

    finish: (query, { state, nonce, verifier }) =>
      asked(async () => {
        const config = await provider();
        const tokens = await client.authorizationCodeGrant(config, new URL(query, callback), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims()!;
        const name = oidcName(claims);
        const role =
          oidcRole(claims, configuration) ??
          oidcRole(await moreClaims(config, tokens.access_token, claims.sub), configuration);
        if (!role)
          throw new Refusal(
            'no_role',
            403,
            `${name} has no role in the console: the claim ${configuration.roleClaim} does not say so`,
          );
        return { who: `oidc:${name}`, role };
      }),
  };
}

/**
 * `NAME (SUB)`: the name can be changed and given to another; the subject, always the last in parentheses, says for ever who it was.
 *
 * @throws Problem 401 for one that cannot be shown as it is
 */
export function oidcName({
  sub,
  preferred_username: given,
}: {
  readonly sub: string;
  readonly preferred_username?: unknown;
}): string {
  const name = typeof given === 'string' ? given.slice(0, NAME_CHARACTERS_MAX) : '';
  if (sub.length > SUBJECT_CHARACTERS_MAX || NOT_IN_NAMES.test(sub + name))
    throw new Refusal(
      'answer_not_valid',
      401,
      `the provider names somebody in a way that is not accepted: expected a subject of at most ${SUBJECT_CHARACTERS_MAX} characters, and no control characters`,
    );
  return name === '' ? `(${sub})` : `${name} (${sub})`;
}

/** Of a provider that keeps roles out of the ID token. */
async function moreClaims(
  config: client.Configuration,
  accessToken: string,
  subject: string,
): Promise<Readonly<Record<string, unknown>>> {
  if (config.serverMetadata().userinfo_endpoint === undefined) return {};
  return client.fetchUserInfo(config, accessToken, subject);
}

/** What a provider may say of an error; `error` is a code of OAuth 2.0, such as `access_denied`. */
type ProviderError = Error & { code?: string; error?: string; error_description?: string };

/** By its own word; where it answers with a status of 500 or more it counts as unreachable. */
function isProvidersFault(cause: unknown): boolean {
  const { error } = cause as ProviderError;
  return error === 'server_error' || error === 'temporarily_unavailable';
}

function reasonOf(cause: unknown): string {
  const { message, code, error, error_description: description } = cause as ProviderError;
  return [message, code, error, description].filter((one) => one !== undefined).join(': ');
}
