import { LogOnce } from './log-once.js';

it('logs a state when it begins or changes, and again after it has ended', () => {
  const logged: string[] = [];
  const once = new LogOnce((state) => logged.push(state));
  for (const state of ['full', 'full', 'away', undefined, undefined, 'away', 'away'])
    once.set(state);
  expect(logged).toEqual(['full', 'away', 'away']);
});
