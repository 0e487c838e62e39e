// `npm run package`: the engine host's package in dist-packages/, as a tarball to unpack over /, a .deb and an .rpm.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { makeDeb } from '../packages/make-deb.mjs';
import { makeRpm } from '../packages/make-rpm.mjs';
import { runPackager } from '../packages/packager.mjs';
import { put } from '../packages/tree.mjs';

const NAME = 'backup-awareness-engine-host';
const here = (path) =>
  fileURLToPath(new URL(`../../apps/engine-backup-shim/${path}`, import.meta.url));
const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8'));
const output = resolve(process.argv[2] ?? here('../../dist-packages'));

const FILES = [
  ['usr/bin/engine-backup-shim', readFileSync(here('dist/bundle/engine-backup-shim.cjs')), 0o755],
  ['usr/share/man/man8/engine-backup-shim.8.gz', gzipped('host-files/engine-backup-shim.8')],
  [`usr/share/doc/${NAME}/engine-hosts.md`, readFileSync(here('../../docs/engine-hosts.md'))],
  [`usr/share/doc/${NAME}/copyright`, readFileSync(here('../../LICENSE'))],
];

const about = {
  name: NAME,
  version,
  summary: 'report the backups of an oVirt engine to Backup Awareness',
  description: [
    'Makes the unmodified engine-backup report every backup, without ever delaying',
    'it or making it fail. After installation: engine-backup-shim install --help',
  ],
};

const staging = mkdtempSync(join(tmpdir(), `${NAME}-`));
try {
  mkdirSync(output, { recursive: true });
  const tree = join(staging, 'tree');
  for (const [path, content, mode] of FILES) put(tree, path, content, mode);
  const fixed = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', '--mtime=@0'];
  const tarball = join(output, `${NAME}-${version}.tar.gz`);
  runPackager('tar', [...fixed, '-C', tree, '-czf', tarball, 'usr']);
  makeDeb({
    tree,
    about,
    depends: 'nodejs (>= 18.3)',
    scripts: scripts('debian', ['postinst', 'prerm', 'postrm']),
    output,
  });
  makeRpm({
    tree,
    about,
    // Enterprise Linux counts Node in the epoch 1.
    requires: ['Requires: nodejs >= 1:18.3', 'Requires(preun): nodejs >= 1:18.3'],
    scripts: scripts('rpm', ['post', 'preun', 'postun']),
    files: [
      '/usr/bin/engine-backup-shim',
      '%doc /usr/share/man/man8/engine-backup-shim.8.gz',
      `%doc /usr/share/doc/${NAME}`,
    ],
    output,
  });
} finally {
  rmSync(staging, { recursive: true, force: true });
}

function scripts(folder, names) {
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(here(`host-files/${folder}/${name}`), 'utf8')]),
  );
}

function gzipped(path) {
  return gzipSync(readFileSync(here(path)), { level: 9 });
}
