import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CHECKOUT, userEnvironment } from '@backup-awareness/testing';

/** Runs `npm run chaos` as a user does. */
async function chaos(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['tools/run.mjs', 'chaos', '--short', ...args], {
    cwd: CHECKOUT,
    env: userEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      process.stderr.write(text);
    });
  await once(child, 'close');
  return { code: child.exitCode, output };
}

describe('npm run chaos, shortened', () => {
  it('finds nothing lost, doubled, strange, unpaired or misjudged', async () => {
    const { code, output } = await chaos();
    expect(output).toMatch(/^seed \d+, shortened$/m);
    expect(output).not.toMatch(/NOT reached/);
    expect(code).toBe(0);
  });

  it('finds the reports that a product loses which acknowledges before it commits', async () => {
    const { code, output } = await chaos('database', '--broken', 'ack-before-commit');
    expect(output).toMatch(/engine_backup_log: \d+ lost, such as \d+/);
    expect(output).toMatch(/engine_backup_log: the equation does not hold/);
    expect(code).toBe(1);
  });
});
