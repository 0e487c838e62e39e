import type { HeartbeatJudgement, UnprovenStage } from '@backup-awareness/overview/judgement';
import { unknownInWords } from '../unknown/unknown-in-words.js';
import { utc } from '../words/alert-in-words.js';

const STAGES: Readonly<Record<UnprovenStage['stage'], string>> = {
  decision: 'No decision was made {since}. Look at the service freshness-checker.',
  relay:
    'The outbox was not published {since}. Look at the broker and at backup-awareness outbox list.',
  audit: 'Audit has not recorded an event {since}. Look at the service audit.',
  ingest:
    'Ingest has not answered a request for settings {since}. Look at the service ingest and at backup-awareness topology verify.',
};

/** Why there is no heartbeat, in sentences; an empty text if every stage has proven itself. */
export function unprovenInWords({ findings, unproven }: HeartbeatJudgement): string {
  return [unknownInWords(findings), ...unproven.map(stageInWords)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function stageInWords({ stage, provenAt }: UnprovenStage): string {
  const since = provenAt === null ? 'yet' : `since ${utc(provenAt)}`;
  return STAGES[stage].replace('{since}', since);
}
