import type { Preview } from '@backup-awareness/overview/documents';
import type { Output } from './output.js';

const SHOWN = 20;

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
  const { raises, clears, unchanged, pastDays, partlyKnown, past } = preview;
  out.line(`${what}: nothing is changed by this preview.`, 'bold');
  out.line(
    `Of the alerts about freshness it would now raise ${countOf(raises)} and clear ${countOf(clears)}${unchangedInWords(unchanged)}. Alerts about backups that do not end are not counted.`,
  );
  showEngines(out, 'Raised', raises);
  showEngines(out, 'Cleared', clears);
  out.line(
    pastDays === 0
      ? 'The past is unknown: the audit log does not reach back a day.'
      : `In the last ${pastDays === 1 ? 'day' : `${pastDays} days`} it would have raised ${alerts(past.withChange)}; without it, ${alerts(past.asItWas)}.`,
  );
  if (partlyKnown > 0)
    out.line(
      `The past of ${partlyKnown === 1 ? '1 engine' : `${partlyKnown} engines`} is known only in part: alerts of the time before are not counted.`,
    );
}

function unchangedInWords(count: number): string {
  if (count === 0) return '';
  return count === 1 ? '; 1 engine stays as it is' : `; ${count} engines stay as they are`;
}

function countOf(fqdns: readonly string[]): string {
  return fqdns.length === 0 ? 'none' : String(fqdns.length);
}

function alerts(count: number): string {
  if (count === 0) return 'no alerts';
  return count === 1 ? '1 alert' : `${count} alerts`;
}

function showEngines(out: Output, title: string, fqdns: readonly string[]): void {
  if (fqdns.length === 0) return;
  out.line(`${title}:`);
  for (const fqdn of fqdns.slice(0, SHOWN)) out.line(`  ${fqdn}`);
  if (fqdns.length > SHOWN) out.line(`  and ${fqdns.length - SHOWN} more (--json lists all)`);
}
