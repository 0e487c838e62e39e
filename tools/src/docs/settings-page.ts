import { SETTINGS, type Setting } from '@backup-awareness/contracts';

/** The page on settings, built from the table by which values are validated. */
export function settingsPage(): string {
  const rows = Object.entries(SETTINGS as Record<string, Setting>).map(
    ([name, { defaultValue, description, expected }]) =>
      `| \`${name}\` | \`${defaultValue.replaceAll(',', ', ')}\` | ${description} | ${expected} |`,
  );
  return [
    '# Settings',
    '',
    'Read them with `backup-awareness config -a`, change one with `backup-awareness config -s KEY=VALUE`. A change takes effect',
    'everywhere within 2 seconds, without a restart; the audit log says who changed what, from which value to which.',
    '',
    '| name | default | meaning | values |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'An engine may have its own alert period: `backup-awareness engines set FQDN --alert-period-days DAYS`.',
    '',
  ].join('\n');
}
