import { X509Certificate, createPrivateKey } from 'node:crypto';
import { variableText } from './variable-text.js';

/** Certificates in PEM. Without `ca` the system's authorities are trusted; without `cert` and `key` no client certificate is shown. */
export interface Certificates {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * Reads the certificates for one server from `<PREFIX>_CA`, `_CERT` and `_KEY`, or from the files that these with `_FILE` name, each time
 * that it is called. While the files are being renewed (one is missing, or the key is not the certificate's), the last ones that fit are
 * returned, or else those given.
 */
export function certificateReader(
  prefix: 'AMQP' | 'DATABASE' | 'OIDC',
  given: Certificates = {},
  environment: NodeJS.ProcessEnv = process.env,
): () => Certificates {
  let last = given;
  return () => {
    try {
      const [ca = given.ca, cert = given.cert, key = given.key] = ['CA', 'CERT', 'KEY'].map(
        (part) => variableText(environment, `${prefix}_${part}`),
      );
      const now = { ca, cert, key };
      if (isPair(now)) last = now;
    } catch {
      // A file that is being replaced.
    }
    return last;
  };
}

function isPair({ cert, key }: Certificates): boolean {
  if (cert === undefined || key === undefined) return cert === key;
  return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
}

/** Reads the certificates for the database of a service; undefined if it has none, and its URL alone decides. */
export function databaseCertificates({
  DATABASE_CA: ca,
  DATABASE_CERT: cert,
  DATABASE_KEY: key,
}: {
  readonly DATABASE_CA?: string | undefined;
  readonly DATABASE_CERT?: string | undefined;
  readonly DATABASE_KEY?: string | undefined;
}): (() => Certificates) | undefined {
  const isAny = ca !== undefined || cert !== undefined || key !== undefined;
  return isAny ? certificateReader('DATABASE', { ca, cert, key }) : undefined;
}
