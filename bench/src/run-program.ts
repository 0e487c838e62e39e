import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a program to its end. @throws where its exit code is not 0 */
export const run = (
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) =>
  promisify(execFile)(program, [...args], {
    env: { PATH: process.env['PATH'], ...environment },
  });
