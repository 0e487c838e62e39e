import { exampleAlert, HOUR_MS, NOW } from '../spec/example-alert.js';
import { composeMail } from './compose-mail.js';
import type { MailEntries } from './mail-entries.js';

const NOTHING: MailEntries = {
  raised: [],
  cleared: [],
  brief: [],
  shownAgain: [],
  unknownBegun: [],
  unknownEnded: [],
};
const LINKS = { console: 'https://console', runbooks: undefined };
const compose = (entries: Partial<MailEntries>, links: Parameters<typeof composeMail>[2] = LINKS) =>
  composeMail({ ...NOTHING, ...entries }, NOW, links);

describe('a mail', () => {
  it('says what is wrong, since when, and what to do', () => {
    const { subject, text } = compose({ raised: [exampleAlert()] });
    expect(subject).toBe('Backup Awareness: engine.example.com has no full backup');
    expect(text).toBe(
      [
        '1 new alert:',
        '',
        '- engine.example.com has no full backup, for 1 h',
        '  engine.example.com has no full backup: run engine-backup',
        '  https://console/engines/engine.example.com',
        '',
        'What to do:',
        '',
        '- docs/runbooks/EngineNoFullBackup.md of Backup Awareness',
        '',
        'backup-awareness status shows the current status; backup-awareness explain ENGINE shows why.',
        '',
      ].join('\n'),
    );
  });

  it('says why an alert was cleared, which is not always because of a backup', () => {
    const cleared = [exampleAlert({ clearedAt: NOW, reason: 'disabled' })];
    const { subject, text } = compose({ cleared });
    expect(subject).toBe('Backup Awareness: engine.example.com: alert cleared');
    expect(text).toContain(
      '- engine.example.com: cleared at 2026-11-23 12:00:00 UTC, the feature was disabled',
    );
  });

  it('about ten thousand engines is readable: it names the twenty without a backup for longest, and counts the rest', () => {
    const raised = Array.from({ length: 10_000 }, (_, i) =>
      exampleAlert({ fqdn: `engine-${i}`, sinceAt: NOW - i * HOUR_MS }),
    );
    const { subject, text, html } = compose({ raised });
    expect(subject).toBe('Backup Awareness: 10000 new alerts');
    expect(text.match(/^- engine-/gm)).toHaveLength(20);
    expect(text).toContain('- engine-9999 has no full backup');
    expect(text).toContain('… and 9980 more: backup-awareness alerts list shows them all.');
    expect(html.match(/engine-\d+ has no full backup/g)).toHaveLength(20);
  });

  it('says that no mail does not mean fresh backups while the status is unknown', () => {
    const spell = {
      unknownId: 'u',
      beganAt: NOW,
      endedAt: null,
      reason: 'The clock was set back.',
    };
    const { subject, text } = compose({ unknownBegun: [spell] });
    expect(subject).toBe('Backup Awareness: the backup status is unknown');
    expect(text).toContain('- The clock was set back.');
    expect(text).toContain('the absence of alerts does not mean that backups are fresh');
  });

  it('names the runbook of each kind of alert once, as a link if it is known where the runbooks are', () => {
    const runbooks = 'https://docs/runbooks';
    const spell = {
      unknownId: 'u',
      beganAt: NOW,
      endedAt: null,
      reason: 'The clock was set back.',
    };
    const raised = [
      exampleAlert(),
      exampleAlert({ fqdn: 'other' }),
      exampleAlert({ alert: 'ENGINE_BACKUP_STUCK' }),
    ];
    const { text, html } = compose({ raised, unknownBegun: [spell] }, { ...LINKS, runbooks });
    const names = ['EngineNoFullBackup', 'EngineBackupStuck', 'BackupAwarenessUnknown'];
    expect(text.match(/https:.*\.md/g)).toEqual(names.map((name) => `${runbooks}/${name}.md`));
    expect(html).toContain(`<a href="${runbooks}/EngineBackupStuck.md">`);
  });

  it('about what is over names no runbook', () => {
    const cleared = [exampleAlert({ clearedAt: NOW, reason: 'full_backup' })];
    expect(compose({ cleared }).text).not.toContain('runbooks');
  });

  it('escapes text in HTML', () => {
    const raised = [exampleAlert({ message: `<script>alert("1" & '2')</script>` })];
    const { html } = compose({ raised });
    expect(html).not.toContain('<script');
    expect(html).toContain('&#60;script&#62;alert(&#34;1&#34; &#38; &#39;2&#39;)');
  });
});
