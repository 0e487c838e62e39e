import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { httpAdapter } from './http-adapter.js';
import { ServiceModule } from './service.module.js';

class Nothing {}

const connectionsOf = (one: NestFastifyApplication): Promise<number> => {
  const server = one.getHttpServer();
  return promisify(server.getConnections.bind(server))();
};

describe('given an answer of which the client reads no more', () => {
  it('cuts the connection, and ends what makes the answer', async () => {
    const app = await NestFactory.create<NestFastifyApplication>(Nothing, httpAdapter(200), {
      logger: false,
    });
    let ended: (() => void) | undefined;
    const isEnded = new Promise<void>((resolve) => (ended = resolve));
    async function* endless() {
      try {
        for (;;) yield 'x'.repeat(65_536);
      } finally {
        ended!();
      }
    }
    app
      .getHttpAdapter()
      .getInstance()
      .get('/endless', (_, reply) => reply.send(Readable.from(endless())));
    await app.listen(0, '127.0.0.1');
    // Nobody listens for its data.
    const request = get(`${await app.getUrl()}/endless`).on('error', () => undefined);
    await once(request, 'response');
    await isEnded;
    expect(await connectionsOf(app)).toBe(0);
    await app.close();
  });
});

describe('given a request in flight on a keep-alive connection, when the service stops', () => {
  it('closes the connection and ends', async () => {
    let answer: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      const checks = {
        database: () =>
          new Promise<undefined>((tell) => {
            answer = () => tell(undefined);
            resolve();
          }),
      };
      void serve(checks).then(({ url }) => get(url, { agent }).on('error', () => undefined));
    });
    await asked;
    const ended = app!.close();
    while (app!.getHttpServer().listening) await setImmediate();
    answer!();
    await ended;
    expect(await connectionsOf(app!)).toBe(0);
  });

  const agent = new Agent({ keepAlive: true });
  afterAll(() => agent.destroy());

  let app: NestFastifyApplication | undefined;
  async function serve(checks: Record<string, () => Promise<undefined>>): Promise<{ url: string }> {
    const module = ServiceModule.withReadiness({ module: Nothing }, { useFactory: () => checks });
    app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(), {
      logger: false,
    });
    await app.listen(0, '127.0.0.1');
    return { url: `${await app.getUrl()}/health/ready` };
  }
});

describe('given a route with a schema of Fastify’s', () => {
  it('the server refuses to start, and says what parses instead', async () => {
    const server = httpAdapter().getInstance();
    server.get('/', { schema: { querystring: { type: 'object' } } }, () => 'answer');
    await expect(server.ready()).rejects.toThrow(
      'expected a route without a schema of Fastify’s: what comes is parsed by zod',
    );
  });
});
