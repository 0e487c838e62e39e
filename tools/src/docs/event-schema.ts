import { dataSchemaOf, type DataDescription } from '@backup-awareness/contracts';
import { z } from 'zod';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of an event's data on the wire, before they are parsed; with its `$id`, and with its examples. */
export function eventSchema(event: DataDescription): JsonSchema {
  const { $schema, ...schema } = dataSchema(event);
  return {
    $schema,
    $id: dataSchemaOf(event.name),
    title: event.name,
    description: event.summary,
    ...schema,
    examples: examplesOf(event),
  };
}

/** The same without what identifies it, to be part of another document. */
export function dataSchema({ data }: DataDescription): JsonSchema {
  return z.toJSONSchema(data, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** @returns data of the event */
export function examplesOf({ example, stuckExample }: DataDescription): unknown[] {
  return stuckExample === undefined ? [example] : [example, stuckExample];
}
