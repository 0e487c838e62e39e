import type { z } from 'zod';
import { badRequest } from './problem.js';

/**
 * A part of a request by its schema, whose message says what is expected.
 *
 * @throws Problem for the first invalid value
 */
export function parsePart(name: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return {};
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const { path, message, code, ...issue } = parsed.error.issues[0]!;
  const where = [name, ...path].join('.');
  if (code === 'unrecognized_keys') {
    const { keys } = issue as unknown as { keys: string[] };
    throw badRequest(where, 'no other field', JSON.stringify(keys[0]));
  }
  throw badRequest(where, message, shown(valueAt(value, path)));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | null)?.[key],
    value,
  );
}

const SHOWN_MAX = 200;

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing').slice(0, SHOWN_MAX);
}
