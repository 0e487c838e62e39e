import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { httpAdapter } from './http-adapter.js';
import type { ReadinessChecks } from './health.js';
import { ServiceModule } from './service.module.js';

class Nothing {}

describe('a service’s health', () => {
  let app: NestFastifyApplication;
  let unreadyReason: string | undefined;
  const checks: ReadinessChecks = {
    broker: () => undefined,
    database: async () => {
      if (unreadyReason === 'throws') throw new Error('connection refused');
      return unreadyReason;
    },
  };

  beforeAll(async () => {
    const module = ServiceModule.withReadiness({ module: Nothing }, { useFactory: () => checks });
    app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(), {
      logger: false,
    });
    await app.init();
  });

  afterAll(() => app.close());

  const get = (url: string) => app.inject({ method: 'GET', url });

  it('is live while it runs, and tells its version', async () => {
    unreadyReason = 'no database';
    const answer = await get('/health/live');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      status: 'live',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  it('is ready while every part is', async () => {
    unreadyReason = undefined;
    const answer = await get('/health/ready');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ status: 'ready', checks: { broker: 'ok', database: 'ok' } });
  });

  it.each([
    ['gives a reason', 'migrations are missing', 'migrations are missing'],
    ['throws', 'throws', 'connection refused'],
  ])('is not ready, with the reason, while a part %s', async (_, state, reason) => {
    unreadyReason = state;
    const answer = await get('/health/ready');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({
      status: 'not ready',
      checks: { broker: 'ok', database: reason },
    });
  });

  it('exposes metrics in the format of Prometheus', async () => {
    const answer = await get('/metrics');
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.body).toContain('process_resident_memory_bytes');
  });
});
