import type { Preview } from '@backup-awareness/overview/documents';
import { readPreview, type ProposedChange } from '@backup-awareness/overview/judgement';
import { unknownEngine } from '../words/unknown-engine.js';
import { databaseToRead, findInstallation } from './find-installation.js';
import { requireKnownTime } from './known-time.js';
import { readHistory } from './read-history.js';

/**
 * What a change of settings would do to all engines, or to one. Nothing is changed.
 *
 * @throws WrongUse for an unknown engine
 */
export async function previewChange(
  environment: NodeJS.ProcessEnv,
  change: ProposedChange,
  fqdn?: string,
): Promise<Preview> {
  const url = databaseToRead(findInstallation(environment));
  return readHistory(url, async (sql, basis) => {
    requireKnownTime(basis);
    const preview = await readPreview(sql, basis, change, fqdn);
    if (!preview) throw await unknownEngine(sql, fqdn!);
    return preview;
  });
}
