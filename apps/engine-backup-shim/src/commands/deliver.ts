import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@backup-awareness/contracts/plain';
import { parseCommand } from '../arguments.js';
import { configuredEngine } from '../host/configuration.js';
import { EXIT, Failure, wrongUse } from '../failure.js';
import { openHost, ROOT_OPTION } from '../host/host.js';
import { keepRecord } from '../spool/keep-record.js';
import { decodeRecord } from '../spool/record.js';
import { reportEvents } from '../spool/report-events.js';
import { sendReport } from '../broker/send-report.js';
import { isRecordName } from '../spool/spool.js';
import { readStandardInput } from './standard-input.js';

export const help = `engine-backup-shim deliver --name NAME

Delivers one report that could not be written to the spool, as a record on standard input. For ten minutes it tries to deliver the
report or to write it to the spool, whichever succeeds first. Started by the drop-in and by run; to make a report, use log-event.

  --name NAME   the record's name
  --root DIR    another root`;

const TRY_FOR_MS = 10 * 60_000;
const PAUSE_MS = 2_000;

export async function run(args: readonly string[]): Promise<number> {
  const values = parseCommand(args, { ...ROOT_OPTION, name: { type: 'string' } });
  const name = values.name ?? '';
  if (!isRecordName(name)) throw wrongUse(`--name: expected the name of a record, got "${name}"`);
  const record = decodeRecord(await readStandardInput());
  const { paths, configuration } = openHost(values.root);
  const events = reportEvents(name, record, configuredEngine(configuration, paths.root).fqdn);
  for (const until = Date.now() + TRY_FOR_MS; ; await sleep(PAUSE_MS)) {
    const reasons: string[] = [];
    const note = (error: unknown) => void reasons.push(errorText(error));
    if (await succeeds(sendReport(configuration, events), note)) return EXIT.fine;
    if (await succeeds(keepRecord(paths, name, record), note)) return EXIT.fine;
    if (Date.now() > until)
      throw new Failure(
        `the report can be neither delivered nor written to the spool: ${reasons.join('; ')}`,
      );
  }
}

async function succeeds(work: Promise<void>, note: (error: unknown) => void): Promise<boolean> {
  return work.then(
    () => true,
    (error: unknown) => {
      note(error);
      return false;
    },
  );
}
