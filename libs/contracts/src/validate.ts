import type { z } from 'zod';
import { accept, describe, refuse, type Result } from './result.js';

/**
 * Parses `value` with `schema`; refuses it with the path of the first error, what was expected there, and what is there.
 *
 * The error messages of these schemas say what is expected.
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
