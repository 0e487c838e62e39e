import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useConsole, type ServedConsole } from '../spec/use-console.js';

const SECRET = 'not for anybody';
const INDEX = '<!doctype html><title>Backup Awareness</title>';

const base = mkdtempSync(join(tmpdir(), 'page-'));
const folder = join(base, 'page');
mkdirSync(join(folder, 'assets'), { recursive: true });
for (const [name, content] of Object.entries({
  'index.html': INDEX,
  'index.html.br': 'brotli',
  'icon.svg': '<svg/>',
  '.hidden': SECRET,
  'assets/index-1a2b.js': 'script',
  'assets/index-1a2b.js.gz': 'gzip',
  'assets/.hidden': SECRET,
  '../secret': SECRET,
}))
  writeFileSync(join(folder, name), content);
afterAll(() => rmSync(base, { recursive: true }));

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** With the path as it is given: fetch would shorten it. Nobody has signed in. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(served.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers, method }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers as never, text }),
      );
    })
      .on('error', reject)
      .end();
  });
}

let served: ServedConsole;

describe('a built page', () => {
  useConsole((it) => (served = it), { page: folder });

  test.each([
    '/',
    '/engines',
    '/engines/e1.example.com?at=2026-11-01T00:00:00Z',
    '/reports/2026-11',
  ])('is served at its address %s, and asked for again each time', async (path) => {
    const { status, headers, text } = await ask(path);
    expect({ status, text }).toEqual({ status: 200, text: INDEX });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  test('is not sent again to a browser that has it', async () => {
    const { etag } = (await ask('/')).headers;
    const again = await ask('/alerts', { 'if-none-match': etag! });
    expect(again).toMatchObject({ status: 304, text: '' });
  });

  test('has assets that are kept for ever, since another content has another name', async () => {
    const { status, headers, text } = await ask('/assets/index-1a2b.js');
    expect({ status, text }).toEqual({ status: 200, text: 'script' });
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toMatch(/^(text|application)\/javascript/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test('has files beside the assets, whose names stay', async () => {
    const { headers, text } = await ask('/icon.svg');
    expect(text).toBe('<svg/>');
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'image/svg+xml' });
  });

  test.each([
    ['/', 'br', 'brotli'],
    ['/assets/index-1a2b.js', 'gzip', 'gzip'],
    ['/assets/index-1a2b.js', 'br', 'script'],
  ])('sends %s compressed to who takes %s, if it is', async (path, encoding, expected) => {
    const { headers, text } = await ask(path, { 'accept-encoding': encoding });
    expect(text).toBe(expected);
    expect(headers['content-encoding']).toBe(expected === 'script' ? undefined : encoding);
    expect(headers['vary']).toContain('accept-encoding');
  });

  test.each(['/', '/assets/index-1a2b.js'])('answers HEAD of %s without content', async (path) => {
    const { status, text, headers } = await ask(path, {}, 'HEAD');
    expect({ status, text }).toEqual({ status: 200, text: '' });
    expect(Number(headers['content-length'])).toBeGreaterThan(0);
  });

  test.each([
    '/api/nothing',
    '/API/v1/engines',
    '/assets/none.js',
    '/assets',
    '/assets/',
    '/badge/none.svg',
    '/health/nothing',
    '/metrics/',
    '/sign-in/nothing',
    '//engines',
  ])('is not served at %s', async (path) => {
    const { status, text } = await ask(path);
    expect([401, 404]).toContain(status);
    expect(text).not.toContain(INDEX);
  });

  test.each([
    '/../secret',
    '/assets/../../secret',
    '/assets/..%2f..%2fsecret',
    '/assets/%2e%2e/%2e%2e/secret',
    '/assets/..%5c..%5csecret',
    '/assets/%252e%252e/%252e%252e/secret',
    '/assets//../../secret',
    '/assets/.hidden',
    '/.hidden',
    '/assets/%00index-1a2b.js',
    '/assets/%c0%ae%c0%ae/secret',
    `/assets/${'../'.repeat(20)}etc/passwd`,
  ])('gives nothing away at %s', async (path) => {
    const { status, text } = await ask(path);
    expect(status).toBeLessThan(500);
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain('root:');
  });

  test('bears an address of any length', async () => {
    expect((await ask(`/${'a'.repeat(5_000)}`)).status).toBeLessThan(500);
  });

  test('is not what a change is sent to', async () => {
    expect((await ask('/engines', {}, 'POST')).status).toBe(404);
  });
});

describe('a page that was not built', () => {
  useConsole((it) => (served = it), { page: join(base, 'none') });

  test('is missed in plain words, while the API works', async () => {
    const { status, text } = await ask('/');
    expect(status).toBe(404);
    expect(text).toMatch(/^The page of the console was not built: run "npm run build"/);
    expect((await served.ask('GET', '/api/v1/overview')).status).toBe(200);
  });
});
