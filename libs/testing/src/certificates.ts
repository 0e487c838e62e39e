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
