import { fromLocalInput, instantText, toLocalInput } from './past.js';

const AT = Date.UTC(2026, 2, 1, 6);

test('an instant survives the way into the input and back', () => {
  expect(fromLocalInput(toLocalInput(AT))).toBe('2026-03-01T06:00:00Z');
});

test('the input shows local time', () => {
  const date = new Date(AT);
  expect(toLocalInput(AT)).toContain(`T${String(date.getHours()).padStart(2, '0')}:00`);
});

test('what is no instant is none', () => {
  expect(fromLocalInput('')).toBeUndefined();
});

test('an address has no zeros that say nothing', () => {
  expect(instantText(AT + 123)).toBe('2026-03-01T06:00:00Z');
});
