import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { runCommand } from '../spec/run-command.js';
import type { DescribedCommand } from './describe-program.js';
import { manualPage } from './manual-page.js';

const PAGE = readFileSync(
  new URL('../../../../docs/man/backup-awareness.1', import.meta.url),
  'utf8',
);

/** A page as man shows it, with words that are not broken, and what it complains about. */
function shown(page: string): { text: string; complaints: string } {
  const { stdout, stderr } = spawnSync('groff', ['-man', '-Tascii', '-ww', '-P-c', '-rHY=0'], {
    input: page,
    encoding: 'utf8',
  });
  // eslint-disable-next-line no-control-regex
  const plain = stdout.replaceAll(/.\x08/g, '');
  return { text: plain.replaceAll(/\s+/g, ' '), complaints: stderr };
}

describe('backup-awareness(1)', () => {
  test('it is what the program prints, and groff has no complaint', async () => {
    expect((await runCommand(['completion', 'manual'])).stdout).toBe(PAGE);
    expect(shown(PAGE).complaints).toBe('');
  });

  test('it has every command of --help, with its options', async () => {
    const { text } = shown(PAGE);
    for (const command of [
      'status',
      'explain <FQDN>',
      'dead-letters replay [ID...]',
      'outbox list',
    ])
      expect(text).toContain(` ${command} `);
    expect(text).toContain('-s, --set <KEY=VALUE> Change the value of a key.');
    expect(text).toContain('EXIT STATUS 0 done');
    expect(text).toContain('RUN_DIR/endpoints.json');
  });

  test('characters that roff interprets are shown', () => {
    const command: DescribedCommand = {
      path: ['odd'],
      description: String.raw`.begins with a dot, then \fB "quoted" 'single' ~ ^ and -`,
      arguments: [],
      options: [],
      notes: ["'a quote first"],
      commands: [],
    };
    const page = manualPage(
      { ...command, path: [], description: 'Odd.', commands: [command] },
      '1',
    );
    const { text, complaints } = shown(page);
    expect(complaints).toBe('');
    expect(text).toContain(String.raw`.begins with a dot, then \fB "quoted" 'single' ~ ^ and -`);
    expect(text).toContain("'a quote first");
  });
});
