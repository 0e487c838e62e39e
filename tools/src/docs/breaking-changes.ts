import type { JsonSchema } from './event-schema.js';

/**
 * What a later schema of an event breaks for those who know the earlier one: readers rely on each field that is there, and senders
 * on not having to send more.
 *
 * @returns one phrase for each change that breaks, in the order of the earlier schema; none: only optional fields came
 */
export function breakingChanges(before: JsonSchema, after: JsonSchema, path = 'data'): string[] {
  return [
    ...typeChanges(before, after, path),
    ...enumChanges(before, after, path),
    ...fieldChanges(before, after, path),
    ...limitChanges(before, after, path),
    ...inItems(before, after, path),
  ];
}

/** `null` is one of the types: a field that may newly be null breaks its readers, one that may not be any more breaks its senders. */
function typeChanges(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const [was, is] = [typesOf(before), typesOf(after)];
  return was === is ? [] : [`${path}: the type was ${was}, and is ${is}`];
}

function typesOf(schema: JsonSchema): string {
  const types = branches(schema).map(({ type, const: value }) =>
    value === undefined ? String(type) : typeof value,
  );
  return [...new Set(types)].sort().join(' or ');
}

function enumChanges(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const is = new Set(valuesOf(after));
  return valuesOf(before)
    .filter((value) => !is.has(value))
    .map((value) => `${path}: the value ${JSON.stringify(value)} is gone`);
}

function valuesOf(schema: JsonSchema): unknown[] {
  return branches(schema).flatMap((branch) =>
    'const' in branch ? [branch['const']] : ((branch['enum'] ?? []) as unknown[]),
  );
}

function fieldChanges(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const [wasRequired, isRequired] = [requiredOf(before), requiredOf(after)];
  return [
    ...Object.entries(was).flatMap(([name, schema]) => {
      const field = `${path}.${name}`;
      const later = is[name];
      if (later === undefined) return [`${field}: is gone`];
      const optional =
        wasRequired.has(name) && !isRequired.has(name) ? [`${field}: is optional now`] : [];
      return [...optional, ...breakingChanges(schema, later, field)];
    }),
    ...[...isRequired]
      .filter((name) => !wasRequired.has(name))
      .map((name) => `${path}.${name}: is required now`),
  ];
}

function fieldsOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return Object.assign({}, ...branches(schema).map(({ properties }) => properties ?? {}));
}

function requiredOf(schema: JsonSchema): ReadonlySet<string> {
  return new Set(branches(schema).flatMap(({ required }) => (required ?? []) as string[]));
}

const UPPER = ['maxLength', 'maximum', 'maxItems', 'exclusiveMaximum'] as const;
const LOWER = ['minLength', 'minimum', 'minItems', 'exclusiveMinimum'] as const;

/** A narrower limit, or another pattern or format, refuses what was valid. */
function limitChanges(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const [was, is] = [limitsOf(before), limitsOf(after)];
  const narrower = (name: string, isNarrower: (was: number, is: number) => boolean) =>
    is[name] !== undefined && (was[name] === undefined || isNarrower(+was[name]!, +is[name]!));
  return [
    ...UPPER.filter((name) => narrower(name, (a, b) => b < a)),
    ...LOWER.filter((name) => narrower(name, (a, b) => b > a)),
    ...['pattern', 'format'].filter((name) => is[name] !== undefined && is[name] !== was[name]),
  ].map((name) => `${path}: ${name} was ${was[name] ?? 'not limited'}, and is ${is[name]}`);
}

function limitsOf(schema: JsonSchema): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...branches(schema).filter(({ type }) => type !== 'null'));
}

function inItems(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const [was, is] = [before['items'], after['items']];
  if (!isSchema(was) || !isSchema(is)) return [];
  return breakingChanges(was, is, `${path}[]`);
}

/** A schema of alternatives (`anyOf`), or itself. */
function branches(schema: JsonSchema): JsonSchema[] {
  const { anyOf } = schema as { readonly anyOf?: JsonSchema[] };
  return anyOf?.flatMap(branches) ?? [schema];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
