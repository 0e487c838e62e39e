import { parseTraceparent, traceIdOf } from './traceparent.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const REST = `${TRACE_ID}-00f067aa0ba902b7-01`;

test.each([
  ['the version that we know', `00-${REST}`, `00-${REST}`],
  ['a later version', `01-${REST}`, `00-${REST}`],
  ['a later version that says more', `cc-${REST}-what-may-come`, `00-${REST}`],
])('%s is read', (_, text, read) => {
  expect(parseTraceparent(text)).toBe(read);
  expect(traceIdOf(read)).toBe(TRACE_ID);
});

test.each([
  ['nothing', undefined],
  ['a number', 7],
  ['an empty text', ''],
  ['the version that is never valid', `ff-${REST}`],
  ['more than this version has', `00-${REST}-more`],
  ['capital letters', `00-${REST.toUpperCase()}`],
  ['a trace-id of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['a parent-id of zeros', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
  ['a line break after it', `00-${REST}\n`],
  ['a short trace-id', `00-${REST.slice(1)}`],
])('%s counts as none', (_, value) => {
  expect(parseTraceparent(value)).toBeNull();
});
