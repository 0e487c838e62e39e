import { reasons } from '../words/en/reasons.js';
import { reasonWords } from './reason-words.js';

const reason = (kind: string, parameters = {}, instants = {}) => ({ kind, parameters, instants });

test('a reason says what is the matter, with instants and zone, and what to do', () => {
  const { what, todo, command } = reasonWords(
    reason('check_overdue', {}, { nextCheckAt: '2026-11-29T10:00:00.000Z' }),
  );
  expect(what).toMatch(/Nov 29, 2026, .*:00:00 .*has not been made/);
  expect(todo).not.toBe('');
  expect(command).toBe('backup-awareness doctor');
});

test('every kind of finding of the product has words, with something to do', () => {
  for (const kind of Object.keys(reasons)) {
    const { what, todo } = reasonWords(reason(kind));
    expect([kind, what.length > 0 && todo.length > 0]).toEqual([kind, kind !== 'topology_warning']);
  }
});

test('a reason of a kind that the page does not know is still said', () => {
  expect(reasonWords(reason('constructor')).what).toContain('constructor');
});

test('text of others is shown with what is unseen in it', () => {
  const { what } = reasonWords(reason('setting_unreadable', { reason: 'got "\u202e1"' }));
  expect(what).toContain('\\u{202e}');
});

test('counts and lists are written for people', () => {
  expect(reasonWords(reason('dead_letters', { count: 12_345 })).what).toContain('12,345');
  expect(
    reasonWords(reason('backup_stuck', { fqdn: 'a', scopes: ['db', 'files'] })).what,
  ).toContain('(db, files)');
});
