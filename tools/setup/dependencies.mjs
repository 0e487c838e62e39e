import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, workspaceFolders } from './workspace.mjs';
import { runStep } from './run-step.mjs';

// Inside node_modules, so that it is removed with them.
const stamp = join(checkout, 'node_modules', '.backup-awareness.json');

/** Whether node_modules was installed from the current lock file and manifests, for this Node and platform. */
export function dependenciesAreCurrent() {
  return readStamp() === wanted();
}

/** Whether the packages that are installed are those of the lock file; if so, records it. */
export function acceptInstalled() {
  if (!installedForThisNode() || !installedMatchesLock()) return false;
  writeStamp();
  return true;
}

/** Runs `npm ci`. */
export async function installDependencies(step) {
  rmSync(stamp, { force: true });
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm ? [process.execPath, npm] : ['npm'];
  const installed = await runStep({
    ...step,
    title: 'Dependencies (npm ci, the first time takes a minute)',
    command,
    // NODE_ENV or the user's npm configuration might leave out what we need.
    args: [...first, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'],
    log: 'npm-ci.log',
  });
  if (installed) writeStamp();
  return installed;
}

function wanted() {
  const hash = createHash('sha256');
  const manifests = workspaceFolders().map((folder) => join(folder, 'package.json'));
  for (const file of ['package-lock.json', 'package.json', '.npmrc', ...manifests]) {
    const path = join(checkout, file);
    hash.update(`${file}\0`).update(existsSync(path) ? readFileSync(path) : '');
  }
  const major = process.versions.node.split('.')[0];
  return JSON.stringify({
    sha256: hash.digest('hex'),
    node: major,
    platform: `${process.platform}-${process.arch}`,
  });
}

function readStamp() {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

function writeStamp() {
  mkdirSync(join(checkout, 'node_modules'), { recursive: true });
  writeFileSync(stamp, wanted());
}

/** Without a stamp, npm was run by hand on this machine. */
function installedForThisNode() {
  const stamped = parsedStamp();
  const { node, platform } = JSON.parse(wanted());
  return (stamped?.node ?? node) === node && (stamped?.platform ?? platform) === platform;
}

/** Undefined for a damaged one, too: then the installed packages decide. */
function parsedStamp() {
  try {
    return JSON.parse(readStamp());
  } catch {
    return undefined;
  }
}

/**
 * npm keeps a copy of the lock file that it installed. Where that, the lock file and the manifests agree, installing again would
 * change nothing (perhaps only a script in a manifest changed).
 */
function installedMatchesLock() {
  const copy = join(checkout, 'node_modules', '.package-lock.json');
  if (!existsSync(copy)) return false;
  const installed = JSON.parse(readFileSync(copy, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8')).packages;
  const inNodeModules = Object.entries(locked).filter(([path]) => path.includes('node_modules/'));
  return (
    ['', ...workspaceFolders()].every((folder) => isLocked(folder, locked[folder])) &&
    programsAreLinked() &&
    Object.keys(installed).every((path) => path in locked) &&
    inNodeModules.every(([path, entry]) => {
      const present = existsSync(join(checkout, path, 'package.json'));
      if (!(path in installed)) return entry.optional === true;
      return present && (entry.link || installed[path].version === entry.version);
    })
  );
}

/** Whether npx finds the programs of all workspaces here: for one that it does not find it would ask a registry. */
function programsAreLinked() {
  const folder = join(checkout, 'node_modules', '.bin');
  const linked = new Set(existsSync(folder) ? readdirSync(folder) : []);
  return workspaceFolders().every((workspace) => {
    const { bin = {} } = JSON.parse(
      readFileSync(join(checkout, workspace, 'package.json'), 'utf8'),
    );
    return Object.keys(bin).every((name) => linked.has(name));
  });
}

function isLocked(folder, entry = {}) {
  const manifest = JSON.parse(readFileSync(join(checkout, folder, 'package.json'), 'utf8'));
  return ['dependencies', 'devDependencies', 'optionalDependencies'].every((kind) => {
    const sorted = (record = {}) => JSON.stringify(Object.entries(record).sort());
    return sorted(manifest[kind]) === sorted(entry[kind]);
  });
}
