import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between a client and a server, and does what networks do. */
export interface TcpProxy {
  /** The given URL with this proxy in the place of its server. */
  urlThrough(url: string): string;
  /** Breaks every connection at once; new ones go through. */
  cut(): void;
  /** From now on nothing goes through, in either direction, and nobody is told. */
  hang(): void;
  /** Refuses new connections and breaks those there are. */
  refuse(): void;
  /** All is well again. */
  mend(): void;
  close(): Promise<void>;
}

/** A proxy on a free port of loopback for the server that `url` names. */
export async function createTcpProxy(url: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'well' | 'hanging' | 'refusing' = 'well';
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (state === 'refusing') {
      client.destroy();
      return;
    }
    const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const pair = [client, upstream] as const;
    pairs.add(pair);
    forward(client, upstream, () => pairs.delete(pair));
    forward(upstream, client, () => pairs.delete(pair));
    if (state === 'hanging') pair.forEach((socket) => socket.pause());
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
    refuse: () => {
      state = 'refusing';
      cut();
    },
    mend: () => {
      state = 'well';
      pairs.forEach((pair) => pair.forEach((socket) => socket.resume()));
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function forward(from: Socket, to: Socket, onClosed: () => void): void {
  from.setNoDelay(true);
  from.on('data', (bytes) => to.write(bytes));
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
  from.on('close', () => {
    onClosed();
    to.destroy();
  });
}
