import { randomBytes } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { identifyProcess, isRunning } from './process-identity.mjs';

/**
 * Takes the lock at `path` for this process, or returns its holder. The lock of a process that has ended is recognised
 * by pid and start time, and taken over.
 *
 * @returns {{ lock: object } | { holder: object }}
 */
export function tryLock(path, details = {}) {
  for (;;) {
    if (create(path, contentOfMine(details))) {
      return { lock: heldLock(path, details) };
    }
    const text = readText(path);
    if (text === undefined) continue;
    const holder = parse(text);
    if (holder && isRunning(holder)) return { holder };
    removeStale(path, text);
  }
}

function heldLock(path, details) {
  return {
    /** Adds to what others see of the holder. */
    describe(more) {
      const aside = asideName(path);
      try {
        writeFileSync(aside, contentOfMine({ ...details, ...more }), { mode: 0o600 });
        renameSync(aside, path);
      } finally {
        removeIfThere(aside);
      }
    },
    release() {
      const holder = parse(readText(path) ?? '');
      if (holder?.pid === process.pid && isRunning(holder)) unlinkSync(path);
    },
  };
}

function contentOfMine(details) {
  return JSON.stringify({ ...identifyProcess(process.pid), ...details });
}

/** Creates the file with its content in one step: an empty lock would look stale to others. */
function create(path, text) {
  const aside = asideName(path);
  try {
    writeFileSync(aside, text, { mode: 0o600 });
    linkSync(aside, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    removeIfThere(aside);
  }
}

/** Of two processes that find the same stale lock, only one may remove it: the second would remove the first one's new lock. */
function removeStale(path, staleText) {
  const breaker = `${path}.breaker`;
  try {
    mkdirSync(breaker);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    removeLeftBreaker(breaker);
    pause(20);
    return;
  }
  try {
    if (readText(path) === staleText) unlinkSync(path);
  } finally {
    rmdirSync(breaker);
  }
}

/** A breaker exists for microseconds; an old one was left by a process that was killed. */
function removeLeftBreaker(breaker) {
  try {
    if (Date.now() - statSync(breaker).mtimeMs > 10_000) rmdirSync(breaker);
  } catch {
    // Another process removed it.
  }
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function removeIfThere(path) {
  rmSync(path, { force: true });
}

function asideName(path) {
  return `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
}

function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
