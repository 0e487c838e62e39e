import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { checkout, workspaceFolders } from './workspace.mjs';
import { runStep } from './run-step.mjs';
import { SERVICES } from './services.mjs';

const stamp = join(checkout, '.setup', 'built');

const SHIM = join('apps', 'engine-backup-shim');

/** Programs in single files, built from the same sources; and the folders of their other inputs than TypeScript. */
const BUNDLES = [
  {
    title: 'Bundle of engine-backup-shim',
    script: join(SHIM, 'bundle.mjs'),
    inputs: [join(SHIM, 'drop-in'), join(SHIM, 'host-files')],
    outputs: [join(SHIM, 'dist', 'bundle', 'engine-backup-shim.cjs')],
  },
  {
    title: 'Bundle of check',
    script: join('apps', 'cli', 'bundle.mjs'),
    inputs: [],
    outputs: [join('apps', 'cli', 'dist', 'bundle', 'check.cjs')],
  },
  {
    title: 'Bundles of the services',
    script: join('tools', 'bundle-services.mjs'),
    inputs: [],
    outputs: SERVICES.map((name) => join('apps', name, 'dist', 'program.mjs')),
  },
];

/** Whether everything is compiled from the current sources. Takes milliseconds; asking tsc takes seconds. */
export function buildIsCurrent() {
  return (
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === fingerprint() &&
    missingOutputs().length === 0 &&
    BUNDLES.every(({ outputs }) => outputs.every((output) => existsSync(join(checkout, output))))
  );
}

/** Compiles what has changed. Resolves with whether that succeeded. */
export async function build(step) {
  rmSync(stamp, { force: true });
  const before = fingerprint();
  if (!(await compile(step, []))) return false;
  // tsc trusts its own record of what it built, even when the files were deleted.
  if (missingOutputs().length > 0 && !(await compile(step, ['--force']))) return false;
  for (const bundle of BUNDLES) if (!(await make(step, bundle))) return false;
  mkdirSync(join(checkout, '.setup'), { recursive: true });
  writeFileSync(stamp, before);
  return true;
}

function compile(step, options) {
  return runStep({
    ...step,
    title: 'Build',
    command: process.execPath,
    args: [join('node_modules', 'typescript', 'bin', 'tsc'), '-b', ...options],
    log: 'build.log',
  });
}

function make(step, { title, script }) {
  return runStep({
    ...step,
    title,
    command: process.execPath,
    args: [script],
    log: 'bundle.log',
  });
}

function fingerprint() {
  const hash = createHash('sha256');
  const configs = workspaceFolders().flatMap((folder) => [
    join(folder, 'package.json'),
    join(folder, 'tsconfig.json'),
  ]);
  const files = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json', ...configs];
  for (const file of [...files, ...compiledFolders().flatMap(sourcesOf), ...bundledFiles()]) {
    if (!existsSync(join(checkout, file))) continue;
    const { size, mtimeMs } = statSync(join(checkout, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** The projects that the root tsconfig.json references. */
function compiledFolders() {
  const { references } = JSON.parse(readFileSync(join(checkout, 'tsconfig.json'), 'utf8'));
  return references.map(({ path }) => path).sort();
}

/** The folders of the compiled programs, as absolute paths. */
export function outputFolders() {
  return compiledFolders().map((folder) => join(checkout, folder, 'dist'));
}

/** A project's sources, relative to the checkout; tests run from their sources and are not compiled. */
function sourcesOf(folder) {
  if (!existsSync(join(checkout, folder, 'src'))) return [];
  return readdirSync(join(checkout, folder, 'src'), { recursive: true })
    .filter((name) => /\.tsx?$/.test(name) && !/\.(spec|interop)\.tsx?$/.test(name))
    .map((name) => join(folder, 'src', name))
    .sort();
}

/** A predicate for the files that a project's tsconfig.json excludes. */
function exclusionsOf(folder) {
  const { exclude = [] } = JSON.parse(
    readFileSync(join(checkout, folder, 'tsconfig.json'), 'utf8'),
  );
  const places = exclude.map((name) => join(folder, name, sep));
  return (file) => places.some((place) => file.startsWith(place));
}

function bundledFiles() {
  return BUNDLES.flatMap(({ script, inputs }) => {
    const texts = inputs.flatMap((input) =>
      readdirSync(join(checkout, input)).map((name) => join(input, name)),
    );
    return [script, ...texts.sort()];
  });
}

/** Compiled files that are missing. A file that its tsconfig.json excludes has no output, and is never missing. */
export function missingOutputs() {
  return compiledFolders().flatMap((folder) => {
    const isExcluded = exclusionsOf(folder);
    return sourcesOf(folder)
      .filter((file) => !file.endsWith('.d.ts') && !isExcluded(file))
      .map((file) => join(folder, 'dist', relative(join(folder, 'src'), file)))
      .map((file) => file.replace(/\.tsx?$/, '.js'))
      .filter((file) => !existsSync(join(checkout, file)));
  });
}
