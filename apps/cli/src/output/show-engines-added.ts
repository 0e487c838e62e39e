import type { EnginesAddedDocument } from '@backup-awareness/overview/documents';
import { count } from '@backup-awareness/overview/words';
import type { Output } from './output.js';
import { shownNames } from './shown-names.js';

/** Shows which engines were added, or would be. */
export async function showEnginesAdded(
  out: Output,
  document: EnginesAddedDocument,
  json: boolean | undefined,
): Promise<void> {
  if (json) {
    const { enginesAddedDocument } = await import('@backup-awareness/overview/documents');
    return out.json(enginesAddedDocument(document));
  }
  const { preview, added, revived, without_broker_user: withoutUser } = document;
  const would = (verb: string, done: string) => (preview ? `This would ${verb}` : done);
  const lines: string[] = [];
  if (added.length > 0)
    lines.push(`${would('add', 'Added')} ${count(added.length, 'engine')}:`, ...shownNames(added));
  if (revived.length > 0)
    lines.push(
      `${would('resume the monitoring of', 'Resumed the monitoring of')} ${count(revived.length, 'engine')}, with ${revived.length === 1 ? 'its' : 'their'} history:`,
      ...shownNames(revived),
    );
  const already = document.already_monitored.length;
  if (already > 0)
    lines.push(
      `${count(already, 'engine')} ${already === 1 ? 'is' : 'are'} already monitored, and ${already === 1 ? 'keeps its' : 'keep their'} alert period.`,
    );
  if (withoutUser.length > 0)
    lines.push(
      `Reports about these engines are accepted only from a broker user that was removed when they were retired: create it with engines add FQDN --broker-user, or use engines set FQDN --no-broker-user:`,
      ...shownNames(withoutUser),
    );
  if (preview) lines.push('Nothing was changed.');
  for (const line of lines) out.line(line);
}
