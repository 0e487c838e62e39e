import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BrokenBuild } from './broken-builds.js';

const OURS = '@backup-awareness';

/**
 * A copy of the compiled checkout with this defect. Our packages are resolved within the copy, all others in the checkout.
 *
 * @throws where the file does not have the text exactly once
 */
export function breakCopy(checkout: string, build: BrokenBuild): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'backup-awareness-broken-'));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  try {
    cpSync(join(checkout, 'package.json'), join(path, 'package.json'));
    for (const folder of foldersOf(checkout)) copyProject(checkout, path, folder);
    linkModules(checkout, path);
    // The checkout is set up already.
    const setUp = join(path, 'tools', 'setup', 'set-up.mjs');
    writeFileSync(setUp, `export const setUp = async () => 'ready';\n`);
    edit(join(path, build.file), build);
    // Services run as one file each, made of what is compiled.
    execFileSync(process.execPath, [join(path, 'tools', 'bundle-services.mjs')]);
    return { path, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

const foldersOf = (checkout: string): string[] => [
  ...['apps', 'libs'].flatMap((parent) =>
    readdirSync(join(checkout, parent)).map((name) => join(parent, name)),
  ),
  'tools',
];

/** Everything but sources, so that nothing in the copy can be compiled again. */
function copyProject(checkout: string, copy: string, folder: string): void {
  for (const name of readdirSync(join(checkout, folder))) {
    if (name === 'src' || name === 'node_modules') continue;
    const [from, to] = [join(checkout, folder, name), join(copy, folder, name)];
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to, { recursive: true });
  }
}

/** Links to each package of the checkout; those of ours are links into the copy. */
export function linkModules(checkout: string, copy: string): void {
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, OURS), { recursive: true });
  for (const name of readdirSync(join(checkout, 'node_modules'))) {
    if (name === OURS) continue;
    symlinkSync(join(checkout, 'node_modules', name), join(modules, name));
  }
  for (const folder of foldersOf(checkout)) {
    const manifest = join(copy, folder, 'package.json');
    if (!existsSync(manifest)) continue;
    const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string };
    symlinkSync(join(copy, folder), join(modules, name));
    const own = join(folder, 'node_modules');
    if (existsSync(join(checkout, own))) symlinkSync(join(checkout, own), join(copy, own));
  }
}

function edit(path: string, { find, replace, file }: BrokenBuild): void {
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2)
    throw new Error(`${file}: expected "${find}" once, got it ${parts.length - 1} times`);
  writeFileSync(path, parts.join(replace));
}
