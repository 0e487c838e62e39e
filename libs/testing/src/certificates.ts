import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of a certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** For which host it is, as `subjectAltName` has it; `IP:127.0.0.1` by default. */
  readonly host?: string;
  /** Valid until yesterday. */
  readonly isExpired?: boolean;
  /** Tells certificates of the same name apart. */
  readonly organization?: string;
}

/** A private certificate authority, made with `openssl`. */
export interface Authority extends Certificate {
  /** Issues a certificate for a server or user of this name. */
  issue(commonName: string, options?: CertificateOptions): Certificate;
}

/** Creates its files in a folder. They are valid for a day. */
export function createAuthority(folder: string, commonName: string): Authority {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let count = 0;
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const make = (
    name: string,
    extensions: string,
    validity: readonly string[],
    organization?: string,
    signer?: Certificate,
  ): Certificate => {
    const of = (ending: string) => join(folder, `${name}-${count}.${ending}`);
    count++;
    const made = { cert: of('pem'), key: of('key') };
    const config = of('conf');
    const request = of('csr');
    writeFileSync(config, `[req]\ndistinguished_name=name\n[name]\n[extensions]\n${extensions}`);
    const subject = organization === undefined ? `/CN=${name}` : `/O=${organization}/CN=${name}`;
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl(
      ...['req', '-new', ...key, '-config', config, '-subj', subject],
      ...['-keyout', made.key, '-out', request],
    );
    const by = signer
      ? ['-CA', signer.cert, '-CAkey', signer.key, '-CAcreateserial']
      : ['-signkey', made.key];
    openssl(
      ...['x509', '-req', '-in', request, '-out', made.cert, ...by, ...validity],
      ...['-extfile', config, '-extensions', 'extensions'],
    );
    return made;
  };
  const own = make(commonName, 'basicConstraints=critical,CA:true\n', ['-days', '1']);
  return {
    ...own,
    issue: (name, { host = 'IP:127.0.0.1', isExpired = false, organization } = {}) =>
      make(
        name,
        `basicConstraints=CA:false\nsubjectAltName=${host}\n`,
        ['-days', isExpired ? '-1' : '1'],
        organization,
        own,
      ),
  };
}

/** The lines of rabbitmq.conf for a TLS listener that requires client certificates, whose common name is the user's. */
export function clientCertificateListener(
  authority: Certificate,
  server: Certificate,
  port: number,
): string[] {
  return [
    `listeners.ssl.1 = 127.0.0.1:${port}`,
    `ssl_options.cacertfile = ${authority.cert}`,
    `ssl_options.certfile = ${server.cert}`,
    `ssl_options.keyfile = ${server.key}`,
    'ssl_options.verify = verify_peer',
    'ssl_options.fail_if_no_peer_cert = true',
    'ssl_cert_login_from = common_name',
    'auth_mechanisms.1 = PLAIN',
    'auth_mechanisms.2 = EXTERNAL',
  ];
}
