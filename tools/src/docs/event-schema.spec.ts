import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENTS, WEBHOOK_EVENTS } from '@backup-awareness/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { breakingChanges } from './breaking-changes.js';
import { eventSchema, examplesOf, type JsonSchema } from './event-schema.js';

const checkout = join(import.meta.dirname, '..', '..', '..');

/** What others know: the schemas of the last release. */
const released: { version: string; schemas: Record<string, JsonSchema> } = JSON.parse(
  readFileSync(join(checkout, 'docs', 'schemas', 'released.json'), 'utf8'),
);

function newValidator(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, strictRequired: true });
  addFormats.default(ajv);
  return ajv;
}

const ALL = [...EVENTS, ...WEBHOOK_EVENTS];

describe.each(ALL.map((event) => [event.name, event] as const))('the schema of %s', (_, event) => {
  it('is a JSON Schema that holds for its examples and refuses an example without one of its fields', () => {
    const validate = newValidator().compile(eventSchema(event));
    for (const example of examplesOf(event)) {
      expect({ valid: validate(example), errors: validate.errors }).toEqual({
        valid: true,
        errors: null,
      });
      for (const field of eventSchema(event)['required'] as string[]) {
        const { [field]: _without, ...others } = example as Record<string, unknown>;
        expect(validate(others)).toBe(false);
      }
    }
  });
});

describe.each(Object.entries(released.schemas))('since the last release, %s', (name, before) => {
  const event = ALL.find((it) => it.name === name)!;

  it('breaks neither its readers nor its senders', () => {
    expect(breakingChanges(before, eventSchema(event))).toEqual([]);
  });

  it('has a schema that holds for the examples of that release', () => {
    const validate = newValidator().compile(eventSchema(event));
    for (const example of before['examples'] as unknown[]) {
      validate(example);
      expect(validate.errors).toBeNull();
    }
  });
});

describe('a change of a schema', () => {
  const text = { type: 'string' };
  const schema = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
    type: 'object',
    properties,
    required,
  });
  const before = schema(
    {
      alert: { type: 'string', enum: ['A', 'B'] },
      note: text,
      at: { anyOf: [text, { type: 'null' }] },
      list: { type: 'array', items: { type: 'string', maxLength: 9 } },
    },
    ['alert'],
  );
  const { alert, note, at, list } = before['properties'] as Record<string, JsonSchema>;
  const fields = { alert: alert!, note: note!, at: at!, list: list! };

  it('breaks nothing if an optional field comes, or a value of an enumeration', () => {
    const after = schema(
      { ...fields, alert: { type: 'string', enum: ['A', 'B', 'C'] }, more: text },
      ['alert'],
    );
    expect(breakingChanges(before, after)).toEqual([]);
  });

  it.each<[string, JsonSchema, string]>([
    [
      'a field is gone',
      schema({ alert: alert!, at: at!, list: list! }, ['alert']),
      'data.note: is gone',
    ],
    ['a field is newly required', schema(fields, ['alert', 'note']), 'data.note: is required now'],
    [
      'a new field is required',
      schema({ ...fields, more: text }, ['alert', 'more']),
      'data.more: is required now',
    ],
    ['a required field may be absent', schema(fields), 'data.alert: is optional now'],
    [
      'a value of an enumeration is gone',
      schema({ ...fields, alert: { type: 'string', enum: ['A'] } }, ['alert']),
      'data.alert: the value "B" is gone',
    ],
    [
      'a field has another type',
      schema({ ...fields, note: { type: 'number' } }, ['alert']),
      'data.note: the type was string, and is number',
    ],
    [
      'a field may newly be null',
      schema({ ...fields, note: { anyOf: [text, { type: 'null' }] } }, ['alert']),
      'data.note: the type was string, and is null or string',
    ],
    [
      'a field may not be null any more',
      schema({ ...fields, at: text }, ['alert']),
      'data.at: the type was null or string, and is string',
    ],
    [
      'a limit is narrower',
      schema({ ...fields, list: { type: 'array', items: { type: 'string', maxLength: 8 } } }, [
        'alert',
      ]),
      'data.list[]: maxLength was 9, and is 8',
    ],
    [
      'a limit is new',
      schema({ ...fields, note: { type: 'string', minLength: 1 } }, ['alert']),
      'data.note: minLength was not limited, and is 1',
    ],
    [
      'a pattern is new',
      schema({ ...fields, note: { type: 'string', pattern: '^a' } }, ['alert']),
      'data.note: pattern was not limited, and is ^a',
    ],
  ])('is found if %s', (_, after, change) => {
    expect(breakingChanges(before, after)).toEqual([change]);
  });
});
