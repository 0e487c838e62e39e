import type { ValueTransformer } from 'typeorm';

/** Reads a bigint or numeric column as a number; the driver returns text, since values may be larger. */
export const numberColumn: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};
