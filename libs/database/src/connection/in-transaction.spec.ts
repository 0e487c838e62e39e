import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from './data-source-for.js';
import { inTransaction, TransactionRolledBackError } from './in-transaction.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.owner.query('CREATE TABLE note (text text PRIMARY KEY)');
});
afterAll(() => database?.drop());
beforeEach(async () => {
  // The server continues a statement after its client has gone, and keeps its locks.
  await database.owner.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`,
  );
  await database.owner.query('TRUNCATE note');
});

const notes = async (): Promise<string[]> => {
  const rows: { text: string }[] = await database.owner.query('SELECT text FROM note ORDER BY 1');
  return rows.map((row) => row.text);
};
const write = (text: string) => `INSERT INTO note VALUES ('${text}')`;

/** Uses a pool of one connection, so that the next user gets whatever connection was returned to it. */
async function withOneConnection(
  work: (dataSource: DataSource) => Promise<void>,
  url = database.ownerUrl,
): Promise<void> {
  const dataSource = await dataSourceFor(url, { poolSize: 1, queryTimeoutMs: 1_000 }).initialize();
  try {
    await work(dataSource);
    await expectUsable(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function expectUsable(dataSource: DataSource): Promise<void> {
  const rows: unknown = await dataSource.query(
    'SELECT pg_current_xact_id_if_assigned() IS NULL AS clean',
  );
  expect(rows).toEqual([{ clean: true }]);
}

test('commits when the work resolves, and returns its result', async () => {
  await withOneConnection(async (dataSource) => {
    const answer = await inTransaction(dataSource, async (manager) => {
      await manager.query(write('a'));
      await manager.query(write('b'));
      return 42;
    });
    expect(answer).toBe(42);
  });
  expect(await notes()).toEqual(['a', 'b']);
});

test('rolls back when the work rejects, and throws its error', async () => {
  await withOneConnection(async (dataSource) => {
    const failing = inTransaction(dataSource, async (manager) => {
      await manager.query(write('a'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
  });
  expect(await notes()).toEqual([]);
});

test('throws when the work swallowed an error, since nothing was committed', async () => {
  await withOneConnection(async (dataSource) => {
    const swallowing = inTransaction(dataSource, async (manager) => {
      await manager.query(write('a'));
      await manager.query('SELECT 1/0').catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow(TransactionRolledBackError);
  });
  expect(await notes()).toEqual([]);
});

test('a connection lost during the transaction is replaced', async () => {
  await withOneConnection(async (dataSource) => {
    const cut = inTransaction(dataSource, async (manager) => {
      await manager.query(write('a'));
      const [{ pid }] = await manager.query('SELECT pg_backend_pid() AS pid');
      await database.owner.query('SELECT pg_terminate_backend($1)', [pid]);
      await sleep(50);
      await manager.query(write('b'));
    });
    await expect(cut).rejects.toThrow();
  });
  expect(await notes()).toEqual([]);
});

test('a transaction left idle is ended by the server, and its connection is replaced', async () => {
  await withOneConnection(async (dataSource) => {
    const idle = inTransaction(dataSource, async (manager) => {
      await manager.query(`SET LOCAL idle_in_transaction_session_timeout = '50ms'`);
      await manager.query(write('a'));
      await sleep(300);
    });
    await expect(idle).rejects.toThrow();
  });
  expect(await notes()).toEqual([]);
});

test('a statement without an answer in time closes its connection', async () => {
  await withOneConnection(async (dataSource) => {
    const slow = inTransaction(dataSource, async (manager) => {
      await manager.query(write('a'));
      await manager.query('SELECT pg_sleep(10)');
    });
    await expect(slow).rejects.toThrow(/did not answer within \d+ ms/);
  });
  expect(await notes()).toEqual([]);
});

test('so does a statement outside a transaction', async () => {
  await withOneConnection(async (dataSource) => {
    await expect(dataSource.query('SELECT pg_sleep(10)')).rejects.toMatchObject({
      driverError: { code: 'ETIMEDOUT' },
    });
  });
});

describe('while the server hangs', () => {
  let tunnel: Tunnel;
  beforeEach(async () => (tunnel = await openTunnel(new URL(database.ownerUrl))));
  afterEach(() => tunnel.close());

  test('the work fails soon, and the pool works when the server answers again', async () => {
    await withOneConnection(async (dataSource) => {
      const hung = inTransaction(dataSource, async (manager) => {
        await manager.query(write('a'));
        tunnel.hang();
        await manager.query(write('b'));
      });
      await expect(hung).rejects.toThrow(/did not answer within/);
      tunnel.wake();
    }, tunnel.url);
    expect(await notes()).toEqual([]);
  });

  test('a COMMIT without an answer is an error', async () => {
    await withOneConnection(async (dataSource) => {
      const hung = inTransaction(dataSource, async (manager) => {
        await manager.query(write('a'));
        tunnel.hang();
      });
      await expect(hung).rejects.toThrow(/did not answer within/);
      tunnel.wake();
    }, tunnel.url);
  });

  test('a data source can be closed', async () => {
    const dataSource = await dataSourceFor(tunnel.url, { poolSize: 2 }).initialize();
    tunnel.hang();
    await dataSource.destroy();
    expect(dataSource.isInitialized).toBe(false);
  });
});

interface Tunnel {
  readonly url: string;
  hang(): void;
  wake(): void;
  close(): Promise<void>;
}

/** A tunnel to the server that can hang, like a server stopped by SIGSTOP. */
async function openTunnel(target: URL): Promise<Tunnel> {
  const sockets: Socket[] = [];
  let isHung = false;
  const server: Server = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.push(from);
      from.on('data', (bytes) => isHung || to.write(bytes));
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    hang: () => (isHung = true),
    wake: () => (isHung = false),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
