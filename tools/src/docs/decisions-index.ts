import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const HEAD =
  /^# (?<number>\d+)\. (?<title>.+)\n\nDate: (?<date>\d{4}-\d\d-\d\d)\n\nStatus: (?<status>.+)\n/;

/**
 * The index of the architecture decisions in a folder, by number.
 *
 * @throws for a file that does not begin with number and title, date and status
 */
export function decisionsIndex(folder: string): string {
  const names = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name));
  const rows = names.sort().map((name) => {
    const head = HEAD.exec(readFileSync(join(folder, name), 'utf8'))?.groups;
    if (!head || Number(head['number']) !== Number(name.slice(0, 4)))
      throw new Error(
        `${name}: expected "# NUMBER. TITLE", "Date: YYYY-MM-DD" and "Status: …" at the beginning, each a paragraph of its own`,
      );
    return `| ${head['number']} | [${head['title']}](${name}) | ${head['date']} | ${head['status']} |`;
  });
  return [
    '# Decisions',
    '',
    'Why things are as they are, one file for each decision. A decision that no longer applies stays, with the status *superseded*.',
    '',
    '| no. | decision | date | status |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
