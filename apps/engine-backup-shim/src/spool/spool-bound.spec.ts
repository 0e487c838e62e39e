import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@backup-awareness/testing';
import { encodeRecord, type SpoolRecord } from './record.js';
import { PROGRAM } from '../../test/helpers/engine-host.js';
import { exampleRecord, recordName } from '../../test/helpers/reports.js';
import { readArchive, useEngineHosts, type EngineHost } from '../../test/stand-in/engine-host.js';

const engineHost = useEngineHosts(() => ({
  shim: readFileSync(PROGRAM, 'utf8'),
  configuration: [
    'BROKER_URL=amqp://127.0.0.1:1',
    'SPOOL_MAX_BYTES=1048576',
    'KEEP_ENGINE_NOTICE=no',
    `NODE=${process.execPath}`,
    '',
  ].join('\n'),
  engine: { ENGINE_DB_USER: 'engine' },
}));

/** Adds pending reports of 300 kB each. */
function fill(host: EngineHost, statuses: readonly SpoolRecord['status'][]): void {
  mkdirSync(host.paths.spool, { recursive: true, mode: 0o700 });
  for (const [number, status] of statuses.entries()) {
    const record = exampleRecord({ status, outputMessage: 'x'.repeat(300_000) });
    const file = `${recordName(number)}.report`;
    writeFileSync(join(host.paths.spool, file), encodeRecord(record), { mode: 0o600 });
  }
}

describe('a backup on a host whose spool is over its limit', () => {
  it.each<[string, SpoolRecord['status'][], string[]]>([
    [
      'drops the oldest started reports, and keeps its own',
      [1, 0, -1, 0, 1],
      ['1 db', '-1 db', '1 db', '0 files', '1 files'],
    ],
    [
      'keeps all reports of how a backup ended, and drops its own start',
      [1, -1, 1, -1],
      ['1 db', '-1 db', '1 db', '-1 db', '1 files'],
    ],
  ])('%s', async (_, pending, kept) => {
    const host = engineHost();
    fill(host, pending);
    const unmonitored = engineHost({ dropIn: false, engine: { ENGINE_DB_USER: '' } });
    expect(await host.run(['--scope=files'])).toEqual(await unmonitored.run(['--scope=files']));
    const members = Object.keys(readArchive(unmonitored.archive, ''));
    expect(Object.keys(readArchive(host.archive, ''))).toEqual(members);
    await eventually(() => expect(host.reported()).toEqual(kept), 45_000);
  });
});
