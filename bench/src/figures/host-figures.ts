import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { chooseFreePort } from '@backup-awareness/local-servers';
import { AUDIT_QUEUE, INGEST_QUEUE } from '@backup-awareness/contracts';
import { measureBesideNode } from '../beside-node.js';
import { setUpEngineHost, SHELLS, type EngineHost, type Shell } from '../engine-host.js';
import { atMost, judged, type Figure, type FigureGroup } from '../figure.js';
import { purgeQueues } from '../queues.js';
import type { Stage } from '../stage.js';
import { median, spread } from '../statistics.js';

const SCOPES = 7;
const ROUNDS = 9;

/** What the drop-in adds to a backup on an engine host, and the time of one event that is sent by hand. */
export const hosts: FigureGroup = {
  name: 'hosts',
  async measure(stage) {
    await stage.install(['postgresql-client'], 'the drop-in is measured against psql, which needs');
    await stage.database.query(ENGINE_FUNCTION);
    const silent = await listenSilently();
    const brokers = await brokersOf(stage, silent);
    try {
      const logEvent = await stage.progress.step(
        'log-event beside Node',
        () =>
          measureBesideNode({
            name: 'shim_vs_node',
            what: 'log-event with one confirmed event',
            target: 1.5,
            run: () => brokers.up.logEvent(),
            signal: stage.signal,
          }),
        'measured',
      );
      const calls = await stage.progress.step(
        `the drop-in beside psql, ${ROUNDS} rounds of ten calls`,
        () => measureCalls(stage, brokers),
        'measured',
      );
      return [...dropInFigures(calls), logEvent];
    } finally {
      for (const host of Object.values(brokers)) host.remove();
      silent.close();
      await stage.database.query(DROP_ENGINE_FUNCTION);
      await purgeQueues(stage.amqpUrl, [INGEST_QUEUE, AUDIT_QUEUE]);
    }
  },
};

const ENGINE_FUNCTION = `
  CREATE TABLE bench_engine_log (scope text, done_at timestamptz, status int, output_message text, fqdn text, log_path text);
  CREATE FUNCTION LogEngineBackupEvent(text, timestamptz, int, text, text, text) RETURNS void LANGUAGE sql AS
    'INSERT INTO bench_engine_log VALUES ($1, $2, $3, $4, $5, $6)'`;
const DROP_ENGINE_FUNCTION = `
  DROP FUNCTION LogEngineBackupEvent(text, timestamptz, int, text, text, text);
  DROP TABLE bench_engine_log`;

type Broker = 'up' | 'stopped' | 'hung';

/** A host for each state of the broker. A stopped one refuses connections; one that hangs accepts them and stays silent. */
async function brokersOf(
  { amqpUrl }: Stage,
  silent: SilentServer,
): Promise<Record<Broker, EngineHost>> {
  const at = (port: number) => {
    const url = new URL(amqpUrl);
    url.hostname = '127.0.0.1';
    url.port = String(port);
    return setUpEngineHost(url.href);
  };
  return {
    up: await setUpEngineHost(amqpUrl),
    stopped: await at(await chooseFreePort()),
    hung: await at(silent.port),
  };
}

interface SilentServer {
  readonly port: number;
  close(): void;
}

async function listenSilently(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Milliseconds by shell and state of the broker, one value per round. */
type Calls = Record<Shell, Record<Broker, { readonly call: number[]; readonly psql: number[] }>>;

/** Each round measures all of them, so that all see the same machine. */
async function measureCalls(
  { databaseUrl, signal }: Stage,
  hostOf: Record<Broker, EngineHost>,
): Promise<Calls> {
  const none = () => ({
    up: { call: [], psql: [] },
    stopped: { call: [], psql: [] },
    hung: { call: [], psql: [] },
  });
  const calls: Calls = { dash: none(), bash: none() };
  for (let round = 0; round < ROUNDS; round += 1)
    for (const shell of Object.keys(SHELLS) as Shell[])
      for (const broker of Object.keys(hostOf) as Broker[]) {
        signal.throwIfAborted();
        const { call, psql } = await hostOf[broker].measureNotify(shell, databaseUrl);
        calls[shell][broker].call.push(call);
        calls[shell][broker].psql.push(psql);
      }
  return calls;
}

/** The worse of the two shells counts, and of a broker that is stopped or hangs. */
function dropInFigures(calls: Calls): Figure[] {
  const shells = Object.keys(SHELLS) as Shell[];
  const againstPsql = shells.map((shell): Figure => {
    const { call, psql } = calls[shell].up;
    return {
      name: 'dropin_vs_psql',
      what: `ms that a call of notify_engine takes for ${SCOPES} scopes, against psql for as many`,
      ours: median(call),
      other: SCOPES * median(psql),
      target: atMost(0.5),
      note: `${shell}; ours ${spread(call)}, psql ${spread(psql)} a scope`,
    };
  });
  const downAgainstUp = shells.flatMap((shell) =>
    (['stopped', 'hung'] as const).map((broker): Figure => {
      const [down, up] = [calls[shell][broker].call, calls[shell].up.call];
      return {
        name: 'dropin_broker_down_vs_up',
        what: 'ms of such a call with the broker down, against the broker up',
        ours: median(down),
        other: median(up),
        target: atMost(1.1),
        note: `${shell}, ${broker}; ${spread(down)} against ${spread(up)}`,
      };
    }),
  );
  return [worst(againstPsql), worst(downAgainstUp)];
}

function worst(figures: readonly Figure[]): Figure {
  return figures.reduce((a, b) => (judged(b)! > judged(a)! ? b : a));
}
