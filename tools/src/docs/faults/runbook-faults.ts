import { NOTIFIED_NAMES } from '@backup-awareness/contracts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'docs/runbooks';
const INDEX = 'README.md';

/** A runbook answers the same questions in the same place: what it means is what comes first. */
const HEADINGS = ['## How to look', '## What to do', '## When it is over'];

/**
 * Everything that needs a runbook: the alerts of the notifier and of Prometheus, and the checks of doctor.
 *
 * @throws if a source is missing or names nothing
 */
export function runbookSubjects(checkout: string): string[] {
  const checks = namesIn(checkout, 'libs/overview/src/doctor/check.ts', (text) => {
    const list = /DOCTOR_CHECKS = \[(.*?)\]/s.exec(text)?.[1] ?? '';
    return list.matchAll(/'([a-z-]+)'/g);
  });
  const rules = namesIn(checkout, 'deploy/prometheus/rules.yml', (text) =>
    text.matchAll(/^\s*- alert: (\w+)$/gm),
  );
  return [...Object.values(NOTIFIED_NAMES), ...rules, ...checks.map((name) => `doctor-${name}`)];
}

function namesIn(
  checkout: string,
  path: string,
  match: (text: string) => Iterable<RegExpExecArray>,
): string[] {
  const names = [...match(readFileSync(join(checkout, path), 'utf8'))].map(([, name]) => name!);
  if (names.length === 0) throw new Error(`${path} names nothing that needs a runbook`);
  return names;
}

/**
 * What is wrong with the runbooks: one is missing, belongs to nothing, is not in the index, or lacks a heading.
 *
 * @param subjects the names of alerts and checks
 * @returns a sentence for each
 */
export function runbookFaults(checkout: string, subjects: readonly string[]): string[] {
  const read = (file: string) => readFileSync(join(checkout, FOLDER, file), 'utf8');
  const pages = readdirSync(join(checkout, FOLDER)).filter((file) => file !== INDEX);
  const index = read(INDEX);
  const expected = new Set(subjects.map((name) => `${name}.md`));
  return [
    ...[...expected]
      .filter((page) => !pages.includes(page))
      .map((page) => `${FOLDER}/${page} is missing`),
    ...pages
      .filter((page) => !expected.has(page))
      .map((page) => `${FOLDER}/${page} belongs to no alert and to no check of doctor`),
    ...pages
      .filter((page) => !index.includes(`](${page})`))
      .map((page) => `${FOLDER}/${INDEX} does not list ${page}`),
    ...pages.flatMap((page) => pageFaults(page, read(page))),
  ];
}

function pageFaults(page: string, text: string): string[] {
  const title = `# ${page.replace(/\.md$/, '').replace(/^doctor-/, 'doctor: ')}`;
  const lines = text.split('\n');
  return [title, ...HEADINGS]
    .filter((heading) => !lines.includes(heading))
    .map((heading) => `${FOLDER}/${page}: expected the heading "${heading}"`);
}
