import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { linkFaults } from './link-faults.js';
import { runbookFaults, runbookSubjects } from './runbook-faults.js';

let checkout: string;
beforeEach(() => (checkout = mkdtempSync(join(tmpdir(), 'documents-'))));
afterEach(() => rmSync(checkout, { recursive: true }));

function given(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  }
}

describe('the relative links of documents', () => {
  const faults = () => linkFaults(checkout, ['docs/a.md']);

  it.each([
    ['to a file', '[b](b.md)'],
    ['to a heading of a file', '[b](b.md#what-it-does-exactly)'],
    ['to a heading of the same document', '[a](#here)'],
    ['to a folder above', '[root](../)'],
    ['to the web', '[web](https://example.com/missing.md)'],
  ])('may lead %s', (_, link) => {
    given({ 'docs/a.md': `## Here\n\n${link}\n`, 'docs/b.md': '# What it `does`, exactly\n' });
    expect(faults()).toEqual([]);
  });

  it.each([
    ['to a missing file', '[b](c.md)', 'c.md'],
    ['to a missing heading', '[b](b.md#there)', 'b.md#there'],
    ['to a heading that is only a comment in code', '[a](#comment)', '#comment'],
  ])('must not lead %s', (_, link, fault) => {
    given({ 'docs/a.md': `${link}\n\n\`\`\`\n# comment\n\`\`\`\n`, 'docs/b.md': '# B\n' });
    expect(faults()).toEqual([`docs/a.md: the link ${fault} leads nowhere`]);
  });

  it('are not those in code', () => {
    given({ 'docs/a.md': '`[x](y.md)`\n\n```\n[x](y.md)\n```\n' });
    expect(faults()).toEqual([]);
  });
});

describe('the runbooks', () => {
  const page = (title: string) =>
    `# ${title}\n\nWhat it means.\n\n## How to look\n\n## What to do\n\n## When it is over\n`;
  const faults = () => runbookFaults(checkout, ['EngineNoFullBackup', 'doctor-clock']);
  const COMPLETE = {
    'docs/runbooks/README.md': '[a](EngineNoFullBackup.md) [b](doctor-clock.md)\n',
    'docs/runbooks/EngineNoFullBackup.md': page('EngineNoFullBackup'),
    'docs/runbooks/doctor-clock.md': page('doctor: clock'),
  };

  it('are one for each alert and each check, with the same headings, and in the index', () => {
    given(COMPLETE);
    expect(faults()).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'one that belongs to nothing',
      {
        'docs/runbooks/Other.md': page('Other'),
        'docs/runbooks/README.md': `${COMPLETE['docs/runbooks/README.md']} [c](Other.md)`,
      },
      'docs/runbooks/Other.md belongs to no alert and to no check of doctor',
    ],
    [
      'one that is not in the index',
      { 'docs/runbooks/README.md': '[a](EngineNoFullBackup.md)' },
      'docs/runbooks/README.md does not list doctor-clock.md',
    ],
    [
      'one without a heading',
      { 'docs/runbooks/doctor-clock.md': page('doctor: clock').replace('## What to do', '') },
      'docs/runbooks/doctor-clock.md: expected the heading "## What to do"',
    ],
    [
      'one with the title of another',
      { 'docs/runbooks/doctor-clock.md': page('clock') },
      'docs/runbooks/doctor-clock.md: expected the heading "# doctor: clock"',
    ],
  ])('must not include %s', (_, change, fault) => {
    given({ ...COMPLETE, ...change });
    expect(faults()).toEqual([fault]);
  });

  it('must not lack one', () => {
    given(COMPLETE);
    rmSync(join(checkout, 'docs/runbooks/doctor-clock.md'));
    expect(faults()).toEqual(['docs/runbooks/doctor-clock.md is missing']);
  });

  it('are for the alerts of the notifier and of Prometheus, and for the checks of doctor', () => {
    given({
      'libs/overview/src/doctor/check.ts': `export const DOCTOR_CHECKS = [\n  'clock',\n  'last-check',\n] as const;`,
      'deploy/prometheus/rules.yml': 'groups:\n  - rules:\n      - alert: SomethingWrong\n',
    });
    const subjects = runbookSubjects(checkout);
    expect(subjects).toEqual(
      expect.arrayContaining(['EngineNoFullBackup', 'SomethingWrong', 'doctor-last-check']),
    );
  });

  it('are not found complete where nothing is named', () => {
    given({
      'libs/overview/src/doctor/check.ts': '',
      'deploy/prometheus/rules.yml': '- alert: A\n',
    });
    expect(() => runbookSubjects(checkout)).toThrow('names nothing that needs a runbook');
  });
});
