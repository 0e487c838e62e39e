import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEndpoints, writeEndpoints } from './endpoints.js';

describe('endpoints.json', () => {
  const folder = mkdtempSync(join(tmpdir(), 'endpoints-'));
  const path = join(folder, 'endpoints.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is written atomically, for its owner only, and removed', () => {
    const endpoints = {
      amqpUrl: 'amqp://a:b@127.0.0.1:1/%2F',
      databaseUrl: 'postgresql://a:b@127.0.0.1:2/c',
      readerDatabaseUrl: 'postgresql://r:b@127.0.0.1:2/c',
      consoleUrl: 'http://127.0.0.1:8080',
      consoleToken: 'token',
      services: { ingest: { pid: 3, url: 'http://127.0.0.1:4' } },
    };
    writeEndpoints(folder, endpoints);
    writeEndpoints(folder, endpoints);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(endpoints);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['endpoints.json']);
    removeEndpoints(folder);
    removeEndpoints(folder);
    expect(existsSync(path)).toBe(false);
  });
});
