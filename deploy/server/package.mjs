// `npm run package`: the server's package in dist-packages/, as a .deb and an .rpm: all services, the command line, their units.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeDeb } from '../packages/make-deb.mjs';
import { makeRpm } from '../packages/make-rpm.mjs';
import { makeFolder, put } from '../packages/tree.mjs';
import { checkout } from '../../tools/setup/workspace.mjs';

const NAME = 'backup-awareness';
const PROGRAMS = ['ingest', 'freshness-checker', 'audit', 'notifier', 'cli'];
const COMMAND = 'apps/cli/bin/backup-awareness.js';
const PROGRAM_FOLDER = `usr/lib/${NAME}`;
const UNITS = 'usr/lib/systemd/system';

const read = (path) => readFileSync(join(checkout, path));
const { version } = JSON.parse(read('package.json'));
const output = resolve(process.argv[2] ?? join(checkout, 'dist-packages'));

const about = {
  name: NAME,
  version,
  summary: 'tell when an oVirt engine has no fresh full backup',
  description: [
    'The services of Backup Awareness (ingest, freshness-checker, audit, notifier)',
    'and its command line, for a RabbitMQ and a PostgreSQL of yours. How to set them',
    'up: /usr/share/doc/backup-awareness/operations.md, "Server packages".',
  ],
};

const staging = mkdtempSync(join(tmpdir(), `${NAME}-`));
try {
  mkdirSync(output, { recursive: true });
  const tree = join(staging, 'tree');
  putPrograms(tree);
  putFilesOfTheHost(tree);
  makeDeb({
    tree,
    about,
    depends: 'nodejs (>= 20), systemd',
    scripts: scripts('debian', ['postinst', 'prerm', 'postrm']),
    output,
  });
  makeRpm({
    tree,
    about,
    // Enterprise Linux counts Node in the epoch 1.
    requires: ['Requires: nodejs >= 1:20', 'Requires: systemd', 'Requires(pre): systemd'],
    scripts: scripts('rpm', ['pre', 'post', 'preun', 'postun']),
    files: [
      `/${PROGRAM_FOLDER}`,
      '/usr/bin/backup-awareness',
      `/${UNITS}/*`,
      '/usr/lib/sysusers.d/backup-awareness.conf',
      '/usr/share/bash-completion/completions/backup-awareness',
      '%doc /usr/share/man/man1/backup-awareness.1.gz',
      `%doc /usr/share/doc/${NAME}`,
      '%attr(0750,root,backup-awareness) %dir /etc/backup-awareness',
    ],
    output,
  });
} finally {
  rmSync(staging, { recursive: true, force: true });
}

/** The compiled programs and the packages that they need at run time, laid out as in the checkout. */
function putPrograms(tree) {
  put(tree, join(PROGRAM_FOLDER, 'package.json'), read('package.json'));
  for (const folder of runtimeFolders()) {
    const isOurs = !folder.includes('node_modules/');
    const parts = isOurs ? ['package.json', 'dist', 'bin'] : partsOfForeign(folder);
    for (const file of parts.flatMap((part) => filesIn(join(folder, part))))
      put(tree, join(PROGRAM_FOLDER, file), read(file), file === COMMAND ? 0o755 : 0o644);
    if (isOurs) link(tree, folder, `node_modules/@backup-awareness/${basename(folder)}`);
  }
  const script = 'deploy/server/new-configuration.mjs';
  put(tree, join(PROGRAM_FOLDER, 'new-configuration.mjs'), read(script), 0o755);
}

/** What a package from elsewhere needs at run time: not its tests, examples and documents, nor TypeORM's edition for browsers. */
function partsOfForeign(folder) {
  const unneeded = /^(\..*|tests?|examples?|benchmarks?|docs?|node_modules)$/;
  return readdirSync(join(checkout, folder)).filter(
    (name) => !unneeded.test(name) && join(folder, name) !== 'node_modules/typeorm/browser',
  );
}

/** Of everything that the programs depend on, the folder in the checkout; without what only development needs. */
function runtimeFolders() {
  const workspaces = PROGRAMS.flatMap((name) => ['--workspace', `apps/${name}`]);
  const list = ['ls', '--omit=dev', '--all', '--parseable', '--offline', ...workspaces];
  const { packages } = JSON.parse(read('package-lock.json'));
  return execFileSync('npm', list, { cwd: checkout, encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((path) => relative(checkout, realpathSync(path)))
    .filter((folder) => folder !== '' && !packages[folder].devOptional);
}

/** The files that run, without types, source maps and the packages inside, which are listed themselves. */
function filesIn(path) {
  const file = statSync(join(checkout, path), { throwIfNoEntry: false });
  if (file === undefined) return [];
  if (!file.isDirectory()) return /\.([cm]?ts|map|tsbuildinfo)$/.test(path) ? [] : [path];
  return readdirSync(join(checkout, path))
    .filter((name) => name !== 'node_modules')
    .flatMap((name) => filesIn(join(path, name)));
}

function link(tree, folder, path) {
  makeFolder(tree, join(PROGRAM_FOLDER, dirname(path)));
  symlinkSync(relative(dirname(path), folder), join(tree, PROGRAM_FOLDER, path));
}

function putFilesOfTheHost(tree) {
  makeFolder(tree, 'usr/bin');
  symlinkSync(`../lib/${NAME}/${COMMAND}`, join(tree, 'usr/bin', NAME));
  for (const file of filesIn('deploy/systemd'))
    put(tree, join(UNITS, relative('deploy/systemd', file)), read(file));
  const sysusers = read('deploy/server/backup-awareness.sysusers');
  put(tree, `usr/lib/sysusers.d/${NAME}.conf`, sysusers);
  put(tree, join(PROGRAM_FOLDER, 'after-upgrade'), read('deploy/server/after-upgrade'), 0o755);
  const completion = execFileSync(process.execPath, [
    join(checkout, COMMAND),
    'completion',
    'bash',
  ]);
  put(tree, `usr/share/bash-completion/completions/${NAME}`, completion);
  const manual = gzipSync(read('docs/man/backup-awareness.1'), { level: 9 });
  put(tree, `usr/share/man/man1/${NAME}.1.gz`, manual);
  for (const name of ['operations.md', 'monitoring.md', 'notifications.md', 'settings.md'])
    put(tree, `usr/share/doc/${NAME}/${name}`, read(`docs/${name}`));
  put(tree, `usr/share/doc/${NAME}/copyright`, read('LICENSE'));
  makeFolder(tree, `etc/${NAME}`, 0o750);
}

function scripts(folder, names) {
  const sysusers = String(read('deploy/server/backup-awareness.sysusers')).trimEnd();
  return Object.fromEntries(
    names.map((name) => [
      name,
      String(read(`deploy/server/${folder}/${name}`)).replace('@SYSUSERS@', () => sysusers),
    ]),
  );
}
