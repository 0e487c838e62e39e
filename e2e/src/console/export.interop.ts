import { createToken } from '@backup-awareness/database';
import {
  compiledProgram,
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import pg from 'pg';

const ROWS = 1_000_000;
/** So many of them are far more than the buffers between console and client take. */
const SELECTED = 100_000;
/** More than the console has connections to the database. */
const READERS = 12;
/** Of what is not collected yet; all rows together take many times that. */
const GROWTH_MAX_MIB = 128;
const PATIENCE_MS = 300_000;

let database: TestDatabase;
let broker: TestBroker;
let program: ChildProcess;
let url: string;
let token: string;
beforeAll(async () => {
  [database, broker] = await Promise.all([createTestDatabase(), createTestBroker()]);
  await fillAuditLog();
  ({ secret: token } = await createToken(database.owner, {
    name: 'exporter',
    role: 'viewer',
    who: 'e2e',
  }));
  program = spawn(process.execPath, [compiledProgram('console')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      AMQP_URL: broker.urlOf('console'),
      DATABASE_URL: database.urls.console,
      HTTP_PORT: '0',
      LOG_LEVEL: 'info',
      // As the images and `npm start` run it.
      NODE_OPTIONS: '--max-semi-space-size=8',
    },
  });
  let output = '';
  program.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text));
  await eventually(async () => {
    const [listening] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
    if (listening === undefined) throw new Error(`the console listens nowhere yet: ${output}`);
    url = listening;
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  }, 60_000);
  // What the first exports compile and keep is no growth.
  for (const format of FORMATS) await linesOf(await ask(format, SELECTION));
}, PATIENCE_MS);
afterAll(async () => {
  if (program?.kill('SIGTERM')) await once(program, 'exit');
  await Promise.all([database?.drop(), broker?.drop()]);
}, 60_000);

const FORMATS = ['csv', 'jsonl'] as const;
const SELECTION = '&type=SettingChanged';

/** Not with the time-outs of our own connections, which are for short statements. */
async function fillAuditLog(): Promise<void> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, fqdn, event_id, event_name, custom_data)
     SELECT now(), CASE WHEN n % ${ROWS / SELECTED} = 0 THEN 'SettingChanged' ELSE 'ENGINE_BACKUP_COMPLETED' END, 0, 0,
       'engine.example.com: a backup of files completed', '/ovirt/engines/engine.example.com', 'engine.example.com', 'event-' || n,
       'ENGINE_BACKUP_COMPLETED', jsonb_build_object('scope', 'files', 'status', 1, 'output_message', repeat('x', 100))
     FROM generate_series(1, ${ROWS}) AS series (n)`,
  );
  await client.query('ANALYZE audit_log');
  await client.end();
}

/** The answer, of which nothing is read yet. */
async function ask(format: string, selection = ''): Promise<IncomingMessage> {
  const request = get(`${url}/api/v1/audit?format=${format}${selection}`, {
    agent: false,
    headers: { authorization: `Bearer ${token}` },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  return response;
}

interface Lines {
  readonly count: number;
  readonly last: string;
  /** Whether the answer came to its end. */
  readonly isComplete: boolean;
}

async function linesOf(response: IncomingMessage): Promise<Lines> {
  let count = 0;
  let last = '';
  const lines = createInterface({ input: response }).on('line', (line) => {
    count++;
    last = line;
  });
  await once(lines, 'close');
  return { count, last, isComplete: response.complete };
}

const mib = (name: 'VmRSS' | 'VmHWM'): number => {
  const status = readFileSync(`/proc/${program.pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)![1]) / 1_024;
};

/** @returns what tells how far the memory has grown since then at most, in MiB */
function measureGrowth(): () => number {
  // Forgets the peak so far.
  writeFileSync(`/proc/${program.pid}/clear_refs`, '5');
  const before = mib('VmRSS');
  return () => mib('VmHWM') - before;
}

test.each([
  ['csv', ROWS + 1, /^\d+,.*,event-1000000,ENGINE_BACKUP_COMPLETED$/],
  ['jsonl', ROWS, /"event_id":"event-1000000"/],
])(
  'a million rows are exported as %s, and the memory stays flat',
  async (format, lines, last) => {
    const growth = measureGrowth();
    expect(await linesOf(await ask(format))).toEqual({
      count: lines,
      last: expect.stringMatching(last),
      isComplete: true,
    });
    expect(growth()).toBeLessThan(GROWTH_MAX_MIB);
  },
  PATIENCE_MS,
);

test(
  'readers that pause hold neither memory nor connections to the database, and get every row when they go on',
  async () => {
    const growth = measureGrowth();
    const paused = await Promise.all(
      Array.from({ length: READERS }, () => ask('jsonl', SELECTION)),
    );
    // Each has as much in its buffers as it takes; nothing is asked of the database for it any more.
    await eventually(async () => expect(await queriesOfExports()).toEqual([]), PATIENCE_MS);
    expect(paused.filter(({ complete }) => complete)).toEqual([]);
    const others = await fetch(`${url}/api/v1/audit?limit=10`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(others.status).toBe(200);
    expect(growth()).toBeLessThan(GROWTH_MAX_MIB);

    const all = await Promise.all(paused.map(linesOf));
    expect(all.map(({ count, isComplete }) => ({ count, isComplete }))).toEqual(
      paused.map(() => ({ count: SELECTED, isComplete: true })),
    );
    expect(growth()).toBeLessThan(GROWTH_MAX_MIB);
  },
  PATIENCE_MS,
);

/** What the console is asking of the audit log, or has asked within the last second. */
const queriesOfExports = () =>
  database.owner.query(
    `SELECT state, query FROM pg_stat_activity
     WHERE datname = current_database() AND usename LIKE '%console' AND query LIKE '%FROM audit_log%'
       AND (state <> 'idle' OR state_change > clock_timestamp() - interval '1 second')`,
  );
