import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { runCommand } from '../spec/run-command.js';
import type { DescribedCommand } from './describe-program.js';
import { manualPage } from './manual-page.js';

const PAGE = readFileSync(
  new URL('../../../../docs/man/backup-awareness.1', import.meta.url),
  'utf8',
);

/** A page as groff shows it, without its line breaks, and what groff complains about; undefined where groff is not installed. */
function shown(page: string): { text: string; complaints: string } | undefined {
  const groff = spawnSync('groff', ['-man', '-Tascii', '-ww', '-P-c', '-rHY=0'], {
    input: page,
    encoding: 'utf8',
  });
  if (groff.error) return undefined;
  // A bold character is printed twice.
  const plain = groff.stdout.replaceAll(/.\x08/g, '');
  return { text: plain.replaceAll(/\s+/g, ' '), complaints: groff.stderr };
}

describe('backup-awareness(1)', () => {
  test('it is what the program prints', async () => {
    expect((await runCommand(['completion', 'manual'])).stdout).toBe(PAGE);
  });

  test('it has the commands of --help, with their options and notes', () => {
    for (const line of [
      '.SS "explain <FQDN>"',
      '.SS "dead\\-letters replay [ID...]"',
      '.B "\\-s, \\-\\-set <KEY=VALUE>"\nChange the value of a key.',
      '.SH EXIT CODES\n.TP\n.B "0"\ndone',
      '.B "RUN_DIR/endpoints.json"',
    ])
      expect(PAGE).toContain(line);
  });

  test('groff, where it is installed, shows it without a complaint', () => {
    const page = shown(PAGE);
    if (!page) return;
    expect(page.complaints).toBe('');
    expect(page.text).toContain('-s, --set <KEY=VALUE> Change the value of a key.');
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
    expect(page).toContain(String.raw`\&.begins with a dot, then \efB \(dqquoted\(dq`);
    expect(page).toContain(String.raw`\(aqa quote first`);
    const odd = shown(page);
    if (!odd) return;
    expect(odd.complaints).toBe('');
    expect(odd.text).toContain(
      String.raw`.begins with a dot, then \fB "quoted" 'single' ~ ^ and -`,
    );
    expect(odd.text).toContain("'a quote first");
  });
});
