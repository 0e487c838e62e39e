import { X509Certificate } from 'node:crypto';
import { types } from 'node:util';
import { peerValidity, type Validity } from './peer-certificate.js';

const OTHER_AUTHORITY: ReadonlySet<unknown> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

/** What a server says of a client's certificate: TLS alerts, and PostgreSQL's own errors. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/alert certificate required|requires a valid client certificate/, 'it requires one, got none'],
  [/alert certificate expired/, 'it has expired'],
  [/alert unknown ca/, 'it is signed by another authority than those that the server trusts'],
  [/alert (bad certificate|certificate unknown|handshake failure)/, 'it is not accepted'],
  [/certificate authentication failed/, 'it is not that of this user'],
];

/** In PEM. */
export interface Certificates {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface TlsServer {
  /** For a person, as `the broker`. */
  readonly name: string;
  readonly url: string;
}

/** Whether the server's certificate is signed by an authority that is not trusted. */
export function isOtherAuthority(error: unknown): boolean {
  return OTHER_AUTHORITY.has((error as { readonly code?: unknown } | undefined)?.code);
}

/**
 * Says why TLS with a server failed, in the same words everywhere; undefined for any other error. Never throws.
 *
 * @param shown what was shown to the server
 */
export async function tlsFailure(
  error: unknown,
  { name, url }: TlsServer,
  shown: Certificates = {},
): Promise<string | undefined> {
  // Node's own errors are no instances of a test's Error.
  if (!types.isNativeError(error)) return undefined;
  const { code, host, cert } = error as Partial<AltNameError> & { code?: unknown };
  const certificate = `the certificate of ${name}`;
  if (code === 'CERT_HAS_EXPIRED')
    return `${certificate} has expired${await dateOf(url, shown, 'expiresAt', 'valid until')}`;
  if (code === 'CERT_NOT_YET_VALID')
    return `${certificate} is not valid yet${await dateOf(url, shown, 'validFromAt', 'valid from')}`;
  if (isOtherAuthority(error))
    return `${certificate} is signed by another authority than the trusted one`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `${certificate} is for another host name: expected ${host}, got ${namesOf(cert)}`;
  const refusal = REFUSALS.find(([pattern]) => pattern.test(error.message));
  if (refusal === undefined) return undefined;
  const whose = shown.cert === undefined ? '' : shownInWords(shown.cert);
  return `${name} refused the client certificate${whose}: ${refusal[1]}`;
}

/** Node's error does not say when: it takes a second look, in which nothing is sent but the client certificate. */
async function dateOf(
  url: string,
  shown: Certificates,
  which: keyof Validity,
  words: string,
): Promise<string> {
  const validity = await peerValidity(url, shown).catch(() => undefined);
  return validity ? ` (${words} ${new Date(validity[which]).toISOString()})` : '';
}

interface AltNameError {
  readonly host: string;
  readonly cert: { readonly subjectaltname?: string; readonly subject?: { readonly CN?: string } };
}

function namesOf(cert: AltNameError['cert'] | undefined): string {
  return cert?.subjectaltname ?? cert?.subject?.CN ?? 'no name';
}

/** Whose it is and until when: a server often does not say what it dislikes. */
function shownInWords(pem: string): string {
  try {
    const { subject, validTo } = new X509Certificate(pem);
    const at = new Date(validTo);
    const verb = at.getTime() < Date.now() ? 'expired' : 'expires';
    return ` (${subject.replaceAll('\n', ', ')}; ${verb} at ${at.toISOString()})`;
  } catch {
    return '';
  }
}
