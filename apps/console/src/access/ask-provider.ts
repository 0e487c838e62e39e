import { errorText, tlsFailure } from '@backup-awareness/contracts/plain';
import { httpRequest } from '@backup-awareness/messaging/http-request';
import type { CustomFetch } from 'openid-client';

const ANSWERS_WITHIN_MS = 10_000;

/** The provider does not answer, or with an error of its own. */
export class ProviderUnreachable extends Error {
  override readonly name = 'ProviderUnreachable';

  constructor(
    message: string,
    /** Why TLS failed; undefined for another reason. */
    readonly tls?: string,
  ) {
    super(message);
  }
}

/**
 * Asks the provider trusting one authority, which Node's `fetch` cannot.
 *
 * @param readCa in PEM; undefined: those that Node trusts
 * @returns a function that throws ProviderUnreachable
 */
export function askProvider(readCa: () => string | undefined): CustomFetch {
  return async (url, { method, headers, body }) => {
    const tls = { ca: readCa() };
    const answer = await httpRequest(url, {
      ...{ method, headers, timeoutMs: ANSWERS_WITHIN_MS, tls },
      ...(body != null && { body: String(body) }),
    }).catch(async (error: unknown) => {
      const reason = await tlsFailure(error, { name: 'the provider', url }, tls);
      throw new ProviderUnreachable(reason ?? errorText(error), reason);
    });
    if (answer.status >= 500) throw new ProviderUnreachable(`${url} answers ${answer.status}`);
    return new Response(answer.body === '' ? null : answer.body, {
      status: answer.status,
      headers: Object.entries(answer.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one): [string, string] => [name, one]),
      ),
    });
  };
}

/** The error that the library has wrapped. */
export function providerUnreachable(error: unknown): ProviderUnreachable | undefined {
  if (error instanceof ProviderUnreachable) return error;
  return error instanceof Error ? providerUnreachable(error.cause) : undefined;
}
