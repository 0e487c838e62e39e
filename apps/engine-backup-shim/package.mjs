// `npm run package`: a tarball to unpack over / and a .deb, in dist-packages/.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const NAME = 'backup-awareness-engine-host';
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8'));
const output = process.argv[2] ?? here('../../dist-packages');

const FILES = [
  ['usr/bin/engine-backup-shim', readFileSync(here('dist/bundle/engine-backup-shim.cjs')), 0o755],
  ['usr/share/man/man8/engine-backup-shim.8.gz', gzipped('host-files/engine-backup-shim.8'), 0o644],
  [
    `usr/share/doc/${NAME}/engine-hosts.md`,
    readFileSync(here('../../docs/engine-hosts.md')),
    0o644,
  ],
  [`usr/share/doc/${NAME}/copyright`, readFileSync(here('../../LICENSE')), 0o644],
];

const CONTROL = `Package: ${NAME}
Version: ${version}
Architecture: all
Maintainer: Backup Awareness <root@localhost>
Depends: nodejs (>= 18.3)
Section: admin
Priority: optional
Description: report the backups of an oVirt engine to Backup Awareness
 Makes the unmodified engine-backup report every backup, without ever delaying
 it or making it fail. After installation: engine-backup-shim install --help
`;

const MAINTAINER_SCRIPTS = ['postinst', 'prerm', 'postrm'];

const staging = mkdtempSync(join(tmpdir(), `${NAME}-`));
try {
  mkdirSync(output, { recursive: true });
  const tree = join(staging, 'tree');
  for (const [path, content, mode] of FILES) put(join(tree, path), content, mode);
  const fixed = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', '--mtime=@0'];
  const tarball = join(output, `${NAME}-${version}.tar.gz`);
  execFileSync('tar', [...fixed, '-C', tree, '-czf', tarball, 'usr']);
  put(join(tree, 'DEBIAN/control'), CONTROL, 0o644);
  for (const name of MAINTAINER_SCRIPTS)
    put(join(tree, 'DEBIAN', name), readFileSync(here(`host-files/debian/${name}`)), 0o755);
  const deb = join(staging, 'package.deb');
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, deb], { stdio: 'ignore' });
  copyFileSync(deb, join(output, `${NAME}_${version}_all.deb`));
} finally {
  rmSync(staging, { recursive: true, force: true });
}

function put(path, content, mode) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
  for (let folder = dirname(path); folder.startsWith(staging); folder = dirname(folder))
    chmodSync(folder, 0o755);
}

function gzipped(path) {
  return gzipSync(readFileSync(here(path)), { level: 9 });
}
