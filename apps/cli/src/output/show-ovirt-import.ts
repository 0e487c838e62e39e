import type { OvirtImportDocument } from '@backup-awareness/overview/documents';
import { count } from '@backup-awareness/overview/words';
import { LEFT_OUT_IN_WORDS, settingInWords } from '../words/ovirt-import-in-words.js';
import { localTime } from '../words/local-time.js';
import type { Output } from './output.js';

const SHOWN = 20;

/** Shows what was imported, or would be. */
export async function showOvirtImport(
  out: Output,
  document: OvirtImportDocument,
  json: boolean | undefined,
): Promise<void> {
  if (json) {
    const { ovirtImportDocument } = await import('@backup-awareness/overview/documents');
    return out.json(ovirtImportDocument(document));
  }
  const { preview, rows, successes, reports, already_known: known } = document;
  out.line(
    `oVirt's table has ${count(rows, 'row')}, of which ${successes} ${successes === 1 ? 'is a success' : 'are successes'}.`,
  );
  if (reports.length > 0) {
    out.line(
      `The last success of each engine and scope: ${preview ? 'this would import' : 'imported'} ${count(reports.length, 'report')}.`,
      'bold',
    );
    showReports(out, reports);
  } else out.line('There is nothing to import from it.', 'bold');
  if (known > 0)
    out.line(
      `${count(known, 'last success', 'last successes')} ${known === 1 ? 'is' : 'are'} known already, or a later one is.`,
    );
  showRetired(out, document);
  showLeftOut(out, document);
  for (const setting of document.settings) {
    const { text, isWarning } = settingInWords(setting, preview);
    out.line(text, isWarning ? 'yellow' : undefined);
  }
  showEnd(out, document);
}

function showReports(out: Output, reports: OvirtImportDocument['reports']): void {
  out.table(
    ['ENGINE', 'SCOPE', 'LAST SUCCESS'],
    reports.slice(0, SHOWN).map(({ fqdn, scope, done_at: at }) => [fqdn, scope, localTime(at)]),
  );
  if (reports.length > SHOWN)
    out.line(`and ${reports.length - SHOWN} more (--json shows all)`, 'dim');
}

function showRetired(out: Output, { retired, preview }: OvirtImportDocument): void {
  if (retired.length === 0) return;
  const more = retired.length > SHOWN ? ` and ${retired.length - SHOWN} more` : '';
  out.line(
    `Retired, and ${preview ? 'would stay' : 'still'} so: ${retired.slice(0, SHOWN).join(', ')}${more} (engines add resumes monitoring).`,
    'yellow',
  );
}

function showLeftOut(out: Output, { left_out: leftOut }: OvirtImportDocument): void {
  for (const { reason, rows, examples } of leftOut) {
    out.line(
      `Not imported: ${count(rows, 'success', 'successes')} ${LEFT_OUT_IN_WORDS[reason]}${rows > examples.length ? ', for example:' : ':'}`,
      'yellow',
    );
    for (const { fqdn, scope, done_at: at } of examples)
      out.line(
        `  ${fqdn === null ? 'no name' : JSON.stringify(fqdn)}, scope ${JSON.stringify(scope)}, ${at}`,
      );
  }
}

function showEnd(out: Output, { preview, reports, stored }: OvirtImportDocument): void {
  if (preview) return out.line('Nothing was changed.');
  const waiting = reports.length - (stored ?? 0);
  if (waiting > 0)
    out.line(
      `${waiting} of them ${waiting === 1 ? 'is' : 'are'} not stored yet, but confirmed by the broker: in the queue of ingest, or dead letters (backup-awareness status shows how many).`,
      'yellow',
    );
}
