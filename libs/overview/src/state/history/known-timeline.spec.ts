import { knownTimeline, type AuditedChange } from './known-timeline.js';

const NOW = 1_000;
const change = (at: number, from: string | null, to: string): AuditedChange<string | null> => ({
  at,
  from,
  to,
});

describe('what a value was', () => {
  it.each([
    {
      phrase: 'is the present one if it was never changed',
      current: { value: 'a', changedAt: null },
      changes: [],
      expected: { timeline: { first: 'a', changes: [] }, knownSinceAt: null },
    },
    {
      phrase: 'is known back to the beginning if each change leads to the next',
      current: { value: 'c', changedAt: 200 },
      changes: [change(100, 'a', 'b'), change(200, 'b', 'c')],
      expected: {
        timeline: {
          first: 'a',
          changes: [
            { at: 100, to: 'b' },
            { at: 200, to: 'c' },
          ],
        },
        knownSinceAt: null,
      },
    },
    {
      phrase: 'is nothing before it was given a value',
      current: { value: 'a', changedAt: 100 },
      changes: [change(100, null, 'a')],
      expected: { timeline: { first: null, changes: [{ at: 100, to: 'a' }] }, knownSinceAt: null },
    },
    {
      phrase: 'is unknown before a change that the one before does not lead to',
      current: { value: 'd', changedAt: 300 },
      changes: [change(100, 'a', 'b'), change(200, 'x', 'c'), change(300, 'c', 'd')],
      expected: {
        timeline: {
          first: 'x',
          changes: [
            { at: 200, to: 'c' },
            { at: 300, to: 'd' },
          ],
        },
        knownSinceAt: 200,
      },
    },
    {
      phrase: 'is unknown before the last change while that is not in the audit log',
      current: { value: 'c', changedAt: 200 },
      changes: [change(100, 'a', 'b')],
      expected: { timeline: { first: 'c', changes: [{ at: 200, to: 'c' }] }, knownSinceAt: 200 },
    },
    {
      phrase: 'is unknown before the last change when no change is kept',
      current: { value: 'c', changedAt: 200 },
      changes: [],
      expected: { timeline: { first: 'c', changes: [{ at: 200, to: 'c' }] }, knownSinceAt: 200 },
    },
    {
      phrase: 'is unknown at all times if it was changed manually since its last change',
      current: { value: 'z', changedAt: 200 },
      changes: [change(200, 'b', 'c')],
      expected: { timeline: { first: 'z', changes: [{ at: NOW, to: 'z' }] }, knownSinceAt: NOW },
    },
    {
      phrase: 'is unknown at all times if the audit log has changes and the value has none',
      current: { value: 'a', changedAt: null },
      changes: [change(200, 'b', 'c')],
      expected: { timeline: { first: 'a', changes: [{ at: NOW, to: 'a' }] }, knownSinceAt: NOW },
    },
  ])('$phrase', ({ current, changes, expected }) => {
    expect(knownTimeline<string | null>(current, changes, NOW)).toEqual(expected);
  });
});
