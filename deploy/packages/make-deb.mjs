import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPackager } from './packager.mjs';
import { put } from './tree.mjs';

/**
 * Makes a .deb for every architecture of a tree.
 *
 * @param tree the folder of its files, with their modes; all are owned by root
 * @param about what is known about the package: name, version, summary, description (lines of at most 79 characters)
 * @param depends as in the field Depends
 * @param scripts the maintainer scripts, by name
 * @param output the folder that gets the .deb
 * @throws Error if dpkg-deb is missing or fails
 */
export function makeDeb({ tree, about, depends, scripts, output }) {
  const staging = mkdtempSync(join(tmpdir(), `${about.name}-deb-`));
  try {
    const root = join(staging, 'root');
    cpSync(tree, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    put(root, 'DEBIAN/control', control(about, depends));
    for (const [name, script] of Object.entries(scripts))
      put(root, `DEBIAN/${name}`, script, 0o755);
    const deb = join(staging, 'package.deb');
    runPackager('dpkg-deb', ['--root-owner-group', '-Zxz', '-z3', '--build', root, deb]);
    copyFileSync(deb, join(output, `${about.name}_${about.version}_all.deb`));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function control({ name, version, summary, description }, depends) {
  return `Package: ${name}
Version: ${version}
Architecture: all
Maintainer: Backup Awareness <root@localhost>
Depends: ${depends}
Section: admin
Priority: optional
Description: ${summary}
${description.map((line) => ` ${line}`).join('\n')}
`;
}
