import { X509Certificate } from 'node:crypto';

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

/**
 * Says why TLS with a server failed, in the same words everywhere; undefined for any other error.
 *
 * @param server for a person, as `the broker`
 * @param clientCertificate what was shown to it, in PEM
 */
export function tlsFailure(
  error: unknown,
  server: string,
  clientCertificate?: string,
): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, host, cert } = error as Partial<AltNameError> & { code?: unknown };
  if (code === 'CERT_HAS_EXPIRED') return `the certificate of ${server} has expired`;
  if (code === 'CERT_NOT_YET_VALID') return `the certificate of ${server} is not valid yet`;
  if (OTHER_AUTHORITY.has(code))
    return `the certificate of ${server} is signed by another authority than the trusted one`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the certificate of ${server} is for another host name: expected ${host}, got ${namesOf(cert)}`;
  const refusal = REFUSALS.find(([pattern]) => pattern.test(error.message));
  if (refusal === undefined) return undefined;
  const shown = clientCertificate === undefined ? '' : shownInWords(clientCertificate);
  return `${server} refused the client certificate${shown}: ${refusal[1]}`;
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
