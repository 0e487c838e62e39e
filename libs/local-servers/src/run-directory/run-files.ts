import { existsSync, readFileSync } from 'node:fs';
import { replaceJson } from './replace-file.js';
import { StartFailure } from '../output/start-failure.js';

/** A file of values by name, replaced as a whole. */
export interface RunFile<Value> {
  readonly value: Readonly<Record<string, Value>>;
  save(value: Readonly<Record<string, Value>>): void;
}

/** @throws StartFailure for a damaged file: its passwords are those of the data, and cannot be replaced */
export function openSecrets(path: string): RunFile<string> {
  const content = readRunFile(path, isRecordOf(isText)) ?? { value: {} };
  if ('got' in content)
    throw new StartFailure(
      `${path}: expected an object of strings, got ${content.got}. It has the passwords of the data, so it is kept as it is: restore it from a backup, or set RUN_DIR to a new folder.`,
    );
  return runFile(path, content.value);
}

/** Any ports will do: a damaged file is announced, and starts empty. */
export function openPorts(path: string, say: (line: string) => void): RunFile<number> {
  const content = readRunFile(path, isRecordOf(isPort)) ?? { value: {} };
  if ('got' in content)
    say(`${path}: expected an object of port numbers, got ${content.got}; new ports are used.`);
  return runFile(path, 'got' in content ? {} : content.value);
}

/** Its value, or in words what it has instead, without the content itself; undefined where there is no such file. */
export function readRunFile<Value>(
  path: string,
  isValid: (value: unknown) => value is Value,
): { readonly value: Value } | { readonly got: string } | undefined {
  if (!existsSync(path)) return undefined;
  const content = readFileSync(path);
  if (content.length === 0) return { got: 'an empty file' };
  try {
    const value: unknown = JSON.parse(content.toString());
    return isValid(value) ? { value } : { got: 'other JSON' };
  } catch {
    return { got: `${content.length} bytes that are not JSON` };
  }
}

function runFile<Value>(path: string, read: RunFile<Value>['value']): RunFile<Value> {
  let current = read;
  return {
    get value() {
      return current;
    },
    save(value) {
      replaceJson(path, value);
      current = value;
    },
  };
}

function isRecordOf<Value>(isOne: (value: unknown) => value is Value) {
  return (value: unknown): value is Record<string, Value> =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(isOne);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;
}
