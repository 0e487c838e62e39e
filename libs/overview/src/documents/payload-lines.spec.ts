import { payloadLines } from './payload-lines.js';

const marked = (body: string | Buffer, path: string | null) =>
  payloadLines(Buffer.from(body), path).flatMap(({ text, isMarked }) => (isMarked ? [text] : []));

const EVENT = '{"specversion":"1.0","id":"x","data":{"scope":"db","more":{"n":1}}}';
const BARE = '{"scope":"db","id":"x"}';

test.each<[string, string | Buffer, string | null, string[]]>([
  ['a part of the data of a CloudEvent', EVENT, 'data.scope', ['    "scope": "db",']],
  ['a part of bare JSON, which is the data alone', BARE, 'data.scope', ['  "scope": "db",']],
  ['an attribute of a CloudEvent', EVENT, 'id', ['  "id": "x",']],
  ['the parent of a missing part', EVENT, 'data.more.x.y', ['    "more": {']],
  ['the whole if a part of bare JSON is missing', BARE, 'data.fqdn', ['{']],
  ['all of it', BARE, 'body', ['{']],
  ['all of it if it is not JSON', 'hello', 'body', ['hello']],
  ['nothing if a property of the message is invalid', BARE, 'routing_key', []],
  ['nothing in bare JSON for its own key of that name', BARE, 'id', []],
  ['nothing where an attribute is missing', EVENT, 'source', []],
  [
    'a key that occurs twice, both times',
    '{"scope":"db","more":{},"scope":"files"}',
    'scope',
    ['  "scope": "db",', '  "scope": "files"'],
  ],
  [
    'a key that occurs twice in the data of a CloudEvent',
    '{"specversion":"1.0","data":{"more":{"n":1},"more":{}}}',
    'data.more',
    ['    "more": {', '    "more": {}'],
  ],
  ['nothing where it is unknown', EVENT, null, []],
])('%s is marked', (_, body, path, expected) => {
  expect(marked(body, path)).toEqual(expected);
});

test('bytes that are not UTF-8 are shown by their numbers', () => {
  const lines = payloadLines(Buffer.from([0x41, 0xff, 0x0a, 0x00]), null);
  expect(lines.map(({ text }) => text)).toEqual(['A\\xff', '\\x00']);
});

test('JSON that is nested very deep is shown as it is, since its indentation would be a thousand times as long', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  expect(payloadLines(Buffer.from(deep), 'body')).toEqual([{ text: deep, isMarked: true }]);
});

test('a payload of megabytes in one line is shown whole', () => {
  expect(payloadLines(Buffer.alloc(2_000_000, 'x'), 'body')[0]?.text).toHaveLength(2_000_000);
});
