import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stands between a client and a server, and fails as networks do. */
export interface TcpProxy {
  /** The given URL with this proxy instead of its server. */
  urlThrough(url: string): string;
  /** Breaks every connection; new ones go through. */
  cut(): void;
  /** Until `mend`, nothing goes through in either direction, and no connection is closed. */
  hang(): void;
  /** Until `mend`, everything takes this much longer in each direction. */
  delay(byMs: number): void;
  /** Refuses new connections and breaks the existing ones. */
  refuse(): void;
  /** Ends what `hang`, `delay` or `refuse` began. */
  mend(): void;
  close(): Promise<void>;
}

/**
 * A proxy on a free port of loopback for the server of `url`. With several servers it is a load balancer: each connection goes to
 * the next one that answers.
 */
export async function createTcpProxy(url: string, ...others: string[]): Promise<TcpProxy> {
  const servers = [url, ...others].map((one) => new URL(one));
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'well' | 'hanging' | 'refusing' = 'well';
  let delayMs = 0;
  let turn = 0;

  async function join(client: Socket): Promise<void> {
    client.on('error', () => undefined);
    const upstream = await firstThatAnswers(servers, turn++);
    if (!upstream || client.destroyed || state === 'refusing') {
      client.destroy();
      upstream?.destroy();
      return;
    }
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const forget = () => pairs.delete(pair);
    forward(client, upstream, () => delayMs, forget);
    forward(upstream, client, () => delayMs, forget);
    pair.forEach((socket) => (state === 'hanging' ? socket.pause() : socket.resume()));
  }

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    if (state === 'refusing') client.destroy();
    else void join(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxyPort = String((server.address() as AddressInfo).port);
  const cut = () => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
  return {
    urlThrough: (direct) => {
      const through = new URL(direct);
      through.hostname = '127.0.0.1';
      through.port = proxyPort;
      return through.href;
    },
    cut,
    hang: () => {
      state = 'hanging';
      pairs.forEach((pair) => pair.forEach((socket) => socket.pause()));
    },
    delay: (byMs) => {
      delayMs = byMs;
    },
    refuse: () => {
      state = 'refusing';
      cut();
    },
    mend: () => {
      state = 'well';
      delayMs = 0;
      pairs.forEach((pair) => pair.forEach((socket) => socket.resume()));
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A connection to the first of these servers that accepts one, beginning with the `turn`-th. */
async function firstThatAnswers(
  servers: readonly URL[],
  turn: number,
): Promise<Socket | undefined> {
  for (let i = 0; i < servers.length; i += 1) {
    const { hostname: host, port } = servers[(turn + i) % servers.length]!;
    const socket = connect({ host, port: Number(port), allowHalfOpen: true });
    try {
      await once(socket, 'connect');
      return socket;
    } catch {
      socket.destroy();
    }
  }
  return undefined;
}

function forward(from: Socket, to: Socket, delayMs: () => number, onClosed: () => void): void {
  const later = inOrder(delayMs);
  from.setNoDelay(true);
  from.on('data', (bytes) => later(() => to.write(bytes)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
  from.on('close', () => {
    onClosed();
    to.destroy();
  });
}

/** Runs each action after the delay in force when it is given, and never before an earlier action. */
function inOrder(delayMs: () => number): (act: () => void) => void {
  const waiting: { readonly act: () => void; readonly dueAtMs: number }[] = [];
  async function drain(): Promise<void> {
    for (let next = waiting[0]; next; next = waiting[0]) {
      const leftMs = next.dueAtMs - performance.now();
      if (leftMs > 0) await sleep(leftMs);
      next.act();
      waiting.shift();
    }
  }
  return (act) => {
    if (waiting.length === 0 && delayMs() === 0) return act();
    waiting.push({ act, dueAtMs: performance.now() + delayMs() });
    if (waiting.length === 1) void drain();
  };
}
