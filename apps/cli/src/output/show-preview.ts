import type { Preview } from '@backup-awareness/overview/documents';
import { count } from '@backup-awareness/overview/words';
import type { Output } from './output.js';
import { shownNames } from './shown-names.js';

/** Shows what a change would do; `what` names it. */
export async function showPreview(
  out: Output,
  what: string,
  preview: Preview,
  json: boolean | undefined,
): Promise<void> {
  if (json) {
    const { previewDocument } = await import('@backup-awareness/overview/documents');
    return out.json(previewDocument(preview));
  }
  const { raises, clears, unchanged, pastDays, partlyKnown, past, unrecordedChange } = preview;
  out.line(`${what}: nothing is changed by this preview.`, 'bold');
  out.line(
    `Of the alerts about freshness it would now raise ${countOf(raises)} and clear ${countOf(clears)}${unchangedInWords(unchanged)}. Alerts about backups that do not end are not counted.`,
  );
  showEngines(out, 'Raised', raises);
  showEngines(out, 'Cleared', clears);
  out.line(
    pastDays === 0
      ? `The past is unknown: ${unrecordedChange ? `the latest change of ${unrecordedChange.setting} is not in the audit log yet, which needs freshness-checker and audit to run` : 'the audit log does not reach back a day'}.`
      : `In the last ${pastDays === 1 ? 'day' : `${pastDays} days`} it would have raised ${alerts(past.withChange)}; without it, ${alerts(past.asItWas)}.`,
  );
  if (partlyKnown > 0)
    out.line(
      `The past of ${count(partlyKnown, 'engine')} is known only in part: alerts of the time before are not counted.`,
    );
}

function unchangedInWords(engines: number): string {
  if (engines === 0) return '';
  return engines === 1 ? '; 1 engine stays as it is' : `; ${engines} engines stay as they are`;
}

function countOf(fqdns: readonly string[]): string {
  return fqdns.length === 0 ? 'none' : String(fqdns.length);
}

function alerts(many: number): string {
  return many === 0 ? 'no alerts' : count(many, 'alert');
}

function showEngines(out: Output, title: string, fqdns: readonly string[]): void {
  if (fqdns.length === 0) return;
  out.line(`${title}:`);
  for (const line of shownNames(fqdns)) out.line(line);
}
