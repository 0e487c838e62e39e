import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, workspaceFolders } from './workspace.mjs';
import { runStep } from './run-step.mjs';

// Inside node_modules, so that it goes when they go.
const stamp = join(checkout, 'node_modules', '.backup-awareness.json');

/** Whether node_modules was installed from the lock file and manifests as they are now, for this Node and platform. */
export function dependenciesAreCurrent() {
  return readStamp() === wanted();
}

/** Writes down that what is installed already is what the lock file asks for, and tells whether it is. */
export function takeInstalled() {
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
    // Whatever NODE_ENV or a user's npm configuration would leave out is needed here.
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

/** Without a stamp somebody ran npm by hand, on this machine. */
function installedForThisNode() {
  const stamped = parsedStamp();
  const { node, platform } = JSON.parse(wanted());
  return (stamped?.node ?? node) === node && (stamped?.platform ?? platform) === platform;
}

/** Undefined, too, where it was cut: then what is installed is looked at. */
function parsedStamp() {
  try {
    return JSON.parse(readStamp());
  } catch {
    return undefined;
  }
}

/**
 * npm keeps a copy of the lock file of what it has installed. Where that, the lock file and the manifests agree, installing
 * again would change nothing (a manifest may have got another script only).
 */
function installedMatchesLock() {
  const copy = join(checkout, 'node_modules', '.package-lock.json');
  if (!existsSync(copy)) return false;
  const installed = JSON.parse(readFileSync(copy, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8')).packages;
  const inNodeModules = Object.entries(locked).filter(([path]) => path.includes('node_modules/'));
  return (
    ['', ...workspaceFolders()].every((folder) => isLocked(folder, locked[folder])) &&
    Object.keys(installed).every((path) => path in locked) &&
    inNodeModules.every(([path, entry]) => {
      const present = existsSync(join(checkout, path, 'package.json'));
      if (!(path in installed)) return entry.optional === true;
      return present && (entry.link || installed[path].version === entry.version);
    })
  );
}

function isLocked(folder, entry = {}) {
  const manifest = JSON.parse(readFileSync(join(checkout, folder, 'package.json'), 'utf8'));
  return ['dependencies', 'devDependencies', 'optionalDependencies'].every((kind) => {
    const sorted = (record = {}) => JSON.stringify(Object.entries(record).sort());
    return sorted(manifest[kind]) === sorted(entry[kind]);
  });
}
