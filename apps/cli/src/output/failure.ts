import { errorText } from '@backup-awareness/contracts/plain';
import { CommanderError } from 'commander';
import { visible } from '@backup-awareness/overview/words';

/** The command was used wrongly, or a value was refused. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/** Something does not answer, or nothing is running. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export const EXIT = { done: 0, failed: 1, wrongUse: 2, unreachable: 3 } as const;

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
  if (error instanceof WrongUse || isRefused(error)) return EXIT.wrongUse;
  return error instanceof Unreachable ? EXIT.unreachable : EXIT.failed;
}

const REFUSALS = ['RefusedError', 'ConfigurationError'];

/** By their names: their classes are loaded only by commands that may throw them. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && REFUSALS.includes(error.name);
}

/** An error in one line that is safe to show, without passwords of URLs. */
export function reasonOf(error: unknown): string {
  const text = error instanceof CommanderError ? withoutPrefix(error.message) : errorText(error);
  return visible(withoutPasswords(text.replace(/\s*\n\s*/g, ' ').trim()));
}

function withoutPrefix(message: string): string {
  return message.replace(/^error: /, '');
}

function withoutPasswords(text: string): string {
  return text.replace(/(\w+:\/\/[^\s/@:]*):[^\s@]*@/g, '$1:…@');
}
