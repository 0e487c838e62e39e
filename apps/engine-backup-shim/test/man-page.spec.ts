import { readFileSync } from 'node:fs';
import { KEY_NAMES, KEYS } from '../src/host/configuration.js';
import { runProgram } from './helpers/engine-host.js';

const PAGE = readFileSync(new URL('../host-files/engine-backup-shim.8', import.meta.url), 'utf8')
  .replaceAll('\\-', '-')
  .replaceAll('"', '')
  .replaceAll(/ +/g, ' ');

/** The options of a command, each at the start of a line of its help. */
const optionsOf = (help: string) =>
  [...help.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option!);

describe('engine-backup-shim(8)', () => {
  it.each(KEY_NAMES)('documents %s, and its default if it has one', (key) => {
    const { defaultValue } = KEYS[key];
    const shown = String(defaultValue) === '' ? '' : `,? \\(${String(defaultValue)}\\)`;
    expect(PAGE).toMatch(new RegExp(`^\\.BR? .*\\b${key}\\b${shown}`, 'm'));
  });

  it.each(['log-event', 'run', 'flush', 'deliver', 'excluded-tables', 'pg-dump-args', 'uninstall'])(
    'documents %s, and each option of its --help',
    async (command) => {
      expect(PAGE).toMatch(new RegExp(`^\\.BI?R? ${command}\\b`, 'm'));
      const { code, stdout } = await runProgram([command, '--help']);
      expect(code).toBe(0);
      expect(optionsOf(stdout).filter((option) => !PAGE.includes(option))).toEqual([]);
    },
  );

  it('documents every command of --help', async () => {
    const { stdout } = await runProgram(['--help']);
    const commands = [...stdout.matchAll(/^ {2}([a-z][a-z-]+) {2,}/gm)].map(([, name]) => name);
    expect(commands).toHaveLength(8);
    for (const command of commands)
      expect(PAGE).toMatch(new RegExp(`^\\.BI?R? ${command}\\b`, 'm'));
  });
});

describe('install --help', () => {
  it('documents the option for each key of the configuration', async () => {
    const { stdout } = await runProgram(['install', '--help']);
    const option = (key: string) => `--${key.toLowerCase().replaceAll('_', '-')}`;
    expect(KEY_NAMES.filter((key) => !stdout.includes(option(key)))).toEqual([]);
  });
});
