import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

/** Signals that cannot be caught, that mean a fault of the receiving process, or that concern its own children and files. */
const OWN: readonly NodeJS.Signals[] = [
  ...([
    'SIGKILL',
    'SIGSTOP',
    'SIGILL',
    'SIGTRAP',
    'SIGABRT',
    'SIGIOT',
    'SIGBUS',
    'SIGFPE',
  ] as const),
  ...(['SIGSEGV', 'SIGSYS', 'SIGSTKFLT', 'SIGCHLD', 'SIGPIPE', 'SIGTTIN', 'SIGTTOU'] as const),
  ...(['SIGXCPU', 'SIGXFSZ'] as const),
];
const ALL = Object.keys(constants.signals) as NodeJS.Signals[];
const PASSED_ON = ALL.filter((signal) => !OWN.includes(signal));

/** A terminal sends these to its whole foreground group, including the command. SIGTSTP must stop this process, too. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];
const STOPS = 'SIGTSTP';

/**
 * From now on, signals do not end this process, which would leave an orphaned command, or a run whose end is never reported. They are
 * queued for the command, and passed on once it is known. Signals after its end are lost.
 */
export function passSignals(): (command: ChildProcess) => void {
  let command: ChildProcess | undefined;
  const early: NodeJS.Signals[] = [];
  const pass = (signal: NodeJS.Signals) => {
    if (command) command.kill(signal);
    else early.push(signal);
  };
  const ignore = () => undefined;
  const atTerminal = process.stdin.isTTY || process.stderr.isTTY;
  for (const signal of PASSED_ON.filter((one) => one !== STOPS || !atTerminal))
    process.on(signal, atTerminal && FROM_TERMINAL.includes(signal) ? ignore : pass);
  return (started) => {
    command = started;
    early.splice(0).forEach(pass);
  };
}

/** Ends this process by the signal that ended the command, so that its parent sees the same. Returns if that is impossible. */
export function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
