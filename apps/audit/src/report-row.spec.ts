import { createHash } from 'node:crypto';
import type { AuditRow } from '@backup-awareness/database';
import { REPORT, report } from './spec/kinds-of-event.js';
import { received, rowOf } from './spec/received.js';

describe('a report with long texts', () => {
  const saying = (output_message: string, log_path = '/x') => {
    const event = report('ENGINE_BACKUP_FAILED', -1);
    const data = { ...REPORT, status: -1, output_message, log_path };
    return rowOf(received({ ...event, data }));
  };
  const dataOf = (row: AuditRow) => JSON.parse(row.customData) as Record<string, never>;

  it.each([
    ['a'.repeat(4_096), 'a'.repeat(4_096)],
    ['a'.repeat(4_097), 'a'.repeat(4_096)],
    ['ä'.repeat(3_000), 'ä'.repeat(2_048)],
    [`a${'ä'.repeat(3_000)}`, `a${'ä'.repeat(2_047)}`],
    ['€'.repeat(1_366), '€'.repeat(1_365)],
    ['🎈'.repeat(1_025), '🎈'.repeat(1_024)],
    [`abc${'🎈'.repeat(1_025)}`, `abc${'🎈'.repeat(1_023)}`],
    ['x'.repeat(1_990_000), 'x'.repeat(4_096)],
  ])(
    'keeps the first 4 KiB without splitting a character, and says where the full text is (%#)',
    (text, kept) => {
      for (const name of ['output_message', 'log_path'] as const) {
        const row = name === 'log_path' ? saying('short', text) : saying(text);
        expect(dataOf(row)[name]).toBe(kept);
        expect(row.message).toContain(kept);
        expect(row.message.length).toBeLessThan(kept.length + 250);
        const sha256 = createHash('sha256').update(text).digest('hex');
        expect(dataOf(row)['cut']).toEqual(
          text === kept
            ? undefined
            : {
                table: 'engine_backup_log',
                event_id: 'report-1',
                [name]: { bytes: Buffer.byteLength(text), sha256 },
              },
        );
        expect(
          row.message.endsWith('the full text is in engine_backup_log, event_id report-1]'),
        ).toBe(text !== kept);
      }
    },
  );

  it('is distinguished from one that differs only in the part that is cut', () => {
    const long = 'x'.repeat(5_000);
    expect(saying(`${long}a`).customData).not.toBe(saying(`${long}b`).customData);
    expect(saying('', `${long}a`).customData).not.toBe(saying('', `${long}b`).customData);
  });
});
