import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { linkFaults } from './link-faults.js';
import { runbookFaults, runbookSubjects } from './runbook-faults.js';

/** What is wrong with the documents that are written by hand: a sentence for each fault. */
export function documentFaults(checkout: string): string[] {
  const inFolder = (folder: string, options = {}) =>
    readdirSync(join(checkout, folder), { encoding: 'utf8', ...options })
      .filter((path) => path.endsWith('.md'))
      .map((path) => join(folder, path));
  return [
    ...linkFaults(checkout, [...inFolder('.'), ...inFolder('docs', { recursive: true })]),
    ...runbookFaults(checkout, runbookSubjects(checkout)),
  ];
}
