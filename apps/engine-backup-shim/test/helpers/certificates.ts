import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of a certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A private certificate authority, made with `openssl`. */
export interface Authority extends Certificate {
  /** Issues a certificate for a host of this name. */
  issue(commonName: string): Certificate;
}

/** Creates its files in a folder. They are valid for a day. */
export function createAuthority(folder: string, commonName: string): Authority {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const make = (name: string, extensions: string, signer: readonly string[]): Certificate => {
    const made = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
    const config = join(folder, `${name}.conf`);
    writeFileSync(config, `[req]\ndistinguished_name=name\n[name]\n[extensions]\n${extensions}`);
    const subject = ['-subj', `/CN=${name}`, '-config', config, '-extensions', 'extensions'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const files = ['-keyout', made.key, '-out', made.cert, '-days', '1'];
    const all = ['req', '-x509', ...subject, ...key, ...files, ...signer];
    execFileSync('openssl', all, { stdio: ['ignore', 'ignore', 'pipe'] });
    return made;
  };
  const own = make(commonName, 'basicConstraints=critical,CA:true\n', []);
  const usable = 'basicConstraints=CA:false\nsubjectAltName=IP:127.0.0.1\n';
  return { ...own, issue: (name) => make(name, usable, ['-CA', own.cert, '-CAkey', own.key]) };
}
