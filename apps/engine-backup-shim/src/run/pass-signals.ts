import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

/** Those that nobody can catch, that tell of a fault of the process that gets them, or that are about its own children and files. */
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

/** These a terminal sends to everything in its foreground, the command included; what stops it has to stop us, too. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];
const STOPS = 'SIGTSTP';

/**
 * From here on, a signal does not end this process: it would leave a command that nobody watches, or a run that is never reported as
 * ended. Signals are kept for the command, and go to it as soon as it is told which one that is. Those that come after its end are lost.
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

/** Ends this process by the signal that has ended the command: its parent sees the same. Returns where that cannot be. */
export function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
