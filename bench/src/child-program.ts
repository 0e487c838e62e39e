import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ChildProgram {
  /** The next line of its output. @throws where it ends before that */
  line(): Promise<string>;
  end(): Promise<void>;
}

/** Runs one of the programs in `peers` as its own process, like every side of a comparison. */
export function startProgram(
  name: string,
  environment: Readonly<Record<string, string>>,
): ChildProgram {
  const path = fileURLToPath(new URL(`./peers/${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [path], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    line: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended (exit code ${child.exitCode}) without an answer`);
      return value;
    },
    end: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
