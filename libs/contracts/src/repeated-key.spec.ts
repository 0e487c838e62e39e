import fc from 'fast-check';
import { findRepeatedKey } from './repeated-key.js';

const manyKeys = Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join(',');

describe('a key that occurs twice in one object', () => {
  it.each([
    ['at the top level', '{"a":1,"b":2,"a":1}', 'a'],
    ['in an inner object', '{"data":{"status":-1,"status":1}}', 'data.status'],
    ['in an object of an array', '{"list":[{"a":1},{"b":1,"b":2}]}', 'list.b'],
    ['after a closed object', '{"data":{"status":1},"x":1,"data":{}}', 'data'],
    ['written with an escape', '{"status":-1,"st\\u0061tus":1}', 'status'],
    ['with white space before the colon', '{"a" :1,"a"\t\n:2}', 'a'],
    ['with a quote in it', '{"a\\"":1,"a\\"":2}', 'a"'],
    ['that ends with a backslash', '{"a\\\\":1,"a\\\\":2}', 'a\\'],
    ['that is empty', '{"":1,"":2}', ''],
    ['after many others', `{${manyKeys},"k7":1}`, 'k7'],
    ['among many others', `{"a":{${manyKeys},"k99999":1}}`, 'a.k99999'],
    ['that is a member of every object', '{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('is found %s', (_where, text, path) => {
    JSON.parse(text);
    expect(findRepeatedKey(text)).toBe(path);
  });

  it.each([
    ['the same key in two objects of an array', '[{"a":1},{"a":2}]'],
    ['the same key in an inner object', '{"a":{"a":{"a":1}}}'],
    ['a string that looks like one', '{"a":"\\"a\\":1","b":"a","c":["a","a"]}'],
    ['no object', '"a"'],
  ])('is not found in %s', (_what, text) => {
    JSON.parse(text);
    expect(findRepeatedKey(text)).toBeUndefined();
  });

  it('is never found in the output of JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', ' ', '\t'), (value, indent) => {
        expect(findRepeatedKey(JSON.stringify(value, null, indent))).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('is found wherever a key is repeated', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue(), {
      minKeys: 1,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(object, fc.nat(), (value, n) => {
        const entries = Object.entries(value).map((entry) => entry.map((it) => JSON.stringify(it)));
        const again = entries[n % entries.length]!;
        const text = `{${[...entries, again].map((entry) => entry.join(':')).join(',')}}`;
        expect(findRepeatedKey(text)).toBe(JSON.parse(again[0]!));
      }),
      { numRuns: 2_000 },
    );
  });
});
