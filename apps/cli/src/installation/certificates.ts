import { readVariable } from './environment.js';

/** The certificates of the environment for one server, in PEM; undefined if there are none. @throws as `readVariable` does */
export function givenCertificates(prefix: 'AMQP' | 'DATABASE', environment = process.env) {
  const [ca, cert, key] = ['CA', 'CERT', 'KEY'].map((part) =>
    readVariable(environment, `${prefix}_${part}`),
  );
  return ca === undefined && cert === undefined ? undefined : { ca, cert, key };
}
