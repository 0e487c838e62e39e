import { exampleAlert, HOUR_MS, NOW } from '../spec/example-alert.js';
import { composeMail } from './compose-mail.js';
import type { MailEntries } from './mail-entries.js';

const NOTHING: MailEntries = {
  raised: [],
  cleared: [],
  brief: [],
  unknownBegun: [],
  unknownEnded: [],
};
const LINKS = { console: 'https://console', runbooks: undefined };
const compose = (entries: Partial<MailEntries>) =>
  composeMail({ ...NOTHING, ...entries }, NOW, LINKS);

describe('a mail', () => {
  it('says what is wrong, for how long, and what to run', () => {
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
        'backup-awareness status shows how things stand now; backup-awareness explain ENGINE shows why.',
        '',
      ].join('\n'),
    );
  });

  it('says why an alert was cleared, which is not always a backup', () => {
    const cleared = [exampleAlert({ clearedAt: NOW, reason: 'disabled' })];
    const { subject, text } = compose({ cleared });
    expect(subject).toBe('Backup Awareness: engine.example.com: alert cleared');
    expect(text).toContain(
      '- engine.example.com: cleared at 2026-11-23 12:00:00 UTC, the feature was disabled; nothing is checked',
    );
  });

  it('about ten thousand engines can be read: the twenty that lack a backup for longest, and how many more', () => {
    const raised = Array.from({ length: 10_000 }, (_, i) =>
      exampleAlert({ fqdn: `engine-${i}`, sinceAt: NOW - i * HOUR_MS }),
    );
    const { subject, text, html } = compose({ raised });
    expect(subject).toBe('Backup Awareness: 10000 new alerts');
    expect(text.match(/^- /gm)).toHaveLength(20);
    expect(text).toContain('- engine-9999 has no full backup');
    expect(text).toContain('… and 9980 more: backup-awareness alerts list shows them all.');
    expect(html.match(/<li>/g)).toHaveLength(20);
  });

  it('says that no news is no good news while nothing is known', () => {
    const spell = {
      unknownId: 'u',
      beganAt: NOW,
      endedAt: null,
      reason: 'The clock was put back.',
    };
    const { subject, text } = compose({ unknownBegun: [spell] });
    expect(subject).toBe('Backup Awareness: it is not known whether backups are fresh');
    expect(text).toContain('- The clock was put back.');
    expect(text).toContain('no news does not mean that backups are fresh');
  });

  it('shows text as text, whatever signs it has', () => {
    const raised = [exampleAlert({ message: `<script>alert("1" & '2')</script>` })];
    const { html } = compose({ raised });
    expect(html).not.toContain('<script');
    expect(html).toContain('&#60;script&#62;alert(&#34;1&#34; &#38; &#39;2&#39;)');
  });
});
