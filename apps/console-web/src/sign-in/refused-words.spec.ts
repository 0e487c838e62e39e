import { words } from '../words/words.js';
import { refusedWords } from './refused-words.js';

const { refused } = words.signIn;

test.each(Object.entries(refused))('%s has words of its own', (kind, said) => {
  expect(refusedWords(kind)).toBe(said);
});

test.each(['', 'another', '__proto__', 'toString', '<b>x</b>'])(
  'of %j only is said that the sign-in failed, and nothing of it is shown',
  (kind) => expect(refusedWords(kind)).toBe(refused.failed),
);
