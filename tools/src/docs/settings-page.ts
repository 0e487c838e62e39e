import { SETTINGS, type Setting } from '@backup-awareness/contracts';

/** The page on settings, made of the table that values are judged by. */
export function settingsPage(): string {
  const rows = Object.entries(SETTINGS as Record<string, Setting>).map(
    ([name, { defaultValue, description, expected }]) =>
      `| \`${name}\` | \`${defaultValue.replaceAll(',', ', ')}\` | ${description} | ${expected} |`,
  );
  return [
    '# Settings',
    '',
    'Read with `backup-awareness config -a`, changed with `backup-awareness config -s KEY=VALUE`. A change takes effect within',
    '2 seconds, everywhere, with no restart, and is in the audit log with who, from and to.',
    '',
    '| name | default | what it is | values |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'An engine may have an alert period of its own: `backup-awareness engines set FQDN --alert-period DAYS`.',
    '',
  ].join('\n');
}
