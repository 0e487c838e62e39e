import type { z } from 'zod';
import { accept, describe, refuse, type Result } from './result.js';

/**
 * Parses `value` with `schema`; what is wrong first is told with its place, what was expected and what came.
 *
 * Every schema here carries its `expected` as zod's error message.
 */
export function validate<S extends z.ZodType>(
  schema: S,
  value: unknown,
  path: string,
): Result<z.output<S>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return accept(parsed.data);
  const issue = parsed.error.issues[0]!;
  const where = [path, ...issue.path.map(String)].filter((part) => part !== '').join('.');
  return refuse(where, issue.message, describe(valueAt(value, issue.path)));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (at === null || typeof at !== 'object' ? undefined : Reflect.get(at, key)),
    value,
  );
}
