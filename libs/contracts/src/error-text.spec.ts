import { errorText } from './error-text.js';

const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' });

describe('the text of an error', () => {
  it.each([
    ['its message', new Error('disk full'), 'disk full'],
    ['its code if it has no message', refused, 'ECONNREFUSED'],
    ['its name if it has neither', new RangeError(), 'RangeError'],
    [
      'that of its inner errors, each once',
      new AggregateError([new Error('a'), new Error('a'), refused], ''),
      'a; ECONNREFUSED',
    ],
    ['its own message rather than its inner ones', new AggregateError([refused], 'all'), 'all'],
    ['the thrown value if it is not an error', 'broken', 'broken'],
    ['undefined if that is thrown', undefined, 'undefined'],
  ])('is %s', (_, error, text) => {
    expect(errorText(error)).toBe(text);
  });
});
