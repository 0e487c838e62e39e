import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTcpProxy, type TcpProxy } from './tcp-proxy.js';

describe('a proxy between client and server', () => {
  let server: Server;
  let proxy: TcpProxy;

  beforeEach(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await createTcpProxy(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  async function client(): Promise<Socket> {
    const { hostname, port } = new URL(proxy.urlThrough('tcp://anywhere:1'));
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  async function echo(socket: Socket, text: string): Promise<string> {
    socket.write(text);
    const [bytes] = await once(socket, 'data');
    return String(bytes);
  }

  it('forwards in both directions', async () => {
    const socket = await client();
    expect(await echo(socket, 'hello')).toBe('hello');
    socket.destroy();
  });

  it('cuts existing connections, and accepts new ones', async () => {
    const socket = await client();
    await echo(socket, 'x');
    proxy.cut();
    await once(socket, 'close');
    expect(await echo(await client(), 'again')).toBe('again');
  });

  it('forwards nothing while it hangs', async () => {
    const socket = await client();
    await echo(socket, 'x');
    proxy.hang();
    let heard = '';
    socket.on('data', (bytes) => (heard += String(bytes)));
    socket.write('late');
    await sleep(200);
    expect(heard).toBe('');
    proxy.mend();
    while (heard === '') await sleep(10);
    expect(heard).toBe('late');
  });

  it('keeps the order when a delay ends', async () => {
    const socket = await client();
    await echo(socket, 'x');
    let heard = '';
    socket.on('data', (bytes) => (heard += String(bytes)));
    proxy.delay(100);
    socket.write('first ');
    await sleep(20);
    expect(heard).toBe('');
    proxy.mend();
    socket.write('second');
    while (heard.length < 'first second'.length) await sleep(10);
    expect(heard).toBe('first second');
  });

  it('skips a server that does not answer', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const urls = [gone, server].map(
      (one) => `tcp://127.0.0.1:${(one.address() as AddressInfo).port}`,
    );
    await new Promise((resolve) => gone.close(resolve));
    await proxy.close();
    proxy = await createTcpProxy(urls[0]!, urls[1]!);
    for (const text of ['one', 'two']) expect(await echo(await client(), text)).toBe(text);
  });

  it('keeps no connection while it refuses', async () => {
    proxy.refuse();
    await once(await client(), 'close');
    proxy.mend();
    expect(await echo(await client(), 'well')).toBe('well');
  });
});
