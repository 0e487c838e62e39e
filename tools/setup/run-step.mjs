import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout } from './workspace.mjs';

/**
 * Runs one command of the set-up with its output in `.setup/<log>`, the end of which is shown if it fails. Resolves with whether
 * it succeeded. When `signal` aborts, the command is ended with all its children.
 */
export async function runStep({ title, command, args, log, say, signal }) {
  signal.throwIfAborted();
  const startedAt = Date.now();
  const logPath = join(checkout, '.setup', log);
  mkdirSync(dirname(logPath), { recursive: true });
  const output = openSync(logPath, 'w');
  say(`${title} … `);
  // In a process group of its own: Ctrl-C in a terminal reaches only us, and we can end all its children.
  const child = spawn(command, args, {
    cwd: checkout,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const end = (name) => () => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // It has ended already.
    }
  };
  let killing;
  const onAbort = () => {
    end('SIGTERM')();
    killing = setTimeout(end('SIGKILL'), 1_000);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const result = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, name) => resolve(code === 0 ? 'done' : name || `exit ${code}`));
  });
  signal.removeEventListener('abort', onAbort);
  clearTimeout(killing);
  if (signal.aborted) {
    say('stopped\n');
    throw signal.reason;
  }
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  if (result === 'done') {
    say(`done (${seconds} s)\n`);
    return true;
  }
  say(`failed (${result})\n${tail(logPath)}\nThe whole output is in ${logPath}\n`);
  return false;
}

function tail(path) {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-40).join('\n');
}
