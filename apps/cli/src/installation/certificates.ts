import { readVariable } from './environment.js';

/** The certificates of the environment for one server, in PEM; undefined if there are none. @throws as `readVariable` does */
function givenCertificates(prefix: 'AMQP' | 'DATABASE', environment = process.env) {
  const [ca, cert, key] = ['CA', 'CERT', 'KEY'].map((part) =>
    readVariable(environment, `${prefix}_${part}`),
  );
  return ca === undefined && cert === undefined ? undefined : { ca, cert, key };
}

/** The broker's management API with the certificates for the broker. @throws as `readVariable` does */
export function managementAddress(url: string, environment = process.env) {
  const isSecure = new URL(url).protocol === 'https:';
  return { url, tls: isSecure ? givenCertificates('AMQP', environment) : undefined };
}

/** The certificates of the environment for a broker; undefined if there are none, or it has no TLS. @throws as `readVariable` does */
export function brokerCertificates(amqpUrl: string, environment = process.env) {
  const isSecure = new URL(amqpUrl).protocol === 'amqps:';
  return isSecure ? givenCertificates('AMQP', environment) : undefined;
}

/**
 * Reads the certificates of the environment for a database; undefined if there are none, or if it is not on the server of DATABASE_URL, which they
 * are for: that of `npm start`, or an oVirt engine's.
 */
export function databaseCertificates(url: string, environment = process.env) {
  const given = readVariable(environment, 'DATABASE_URL');
  if (given === undefined || new URL(given).host !== new URL(url).host) return undefined;
  const certificates = givenCertificates('DATABASE', environment);
  return certificates && (() => certificates);
}
