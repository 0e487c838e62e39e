import { useConsole, type ServedConsole } from '../spec/use-console.js';

let served: ServedConsole;
useConsole((it) => (served = it));

test('the page for the API is served, with its files, to who has signed in', async () => {
  const short = await served.ask('GET', '/api/docs');
  expect(short.headers.get('location')).toBe('/api/docs/');
  const { text } = await served.ask('GET', '/api/docs/');
  const files = [...text.matchAll(/(?:src|href)="([^":]+)"/g)].map(([, file]) => file);
  expect(files).toContain('start.js');
  for (const file of files)
    expect(await served.ask('GET', `/api/docs/${file}`)).toMatchObject({ status: 200 });
});

test('the page has nothing inline, and loads nothing from elsewhere', async () => {
  const { text } = await served.ask('GET', '/api/docs/');
  expect(text).not.toMatch(/https?:|<style|style=|\son\w+=|<script>/);
});

test.each([
  '/api/docs',
  '/api/docs/',
  '/api/docs/swagger-ui-bundle.js',
  '/api/docs/%2e%2e/main.js',
  '/api/docs//start.js',
])('%s is for nobody who has not signed in', async (path) => {
  const { status } = await served.ask('GET', path, { token: null });
  expect([401, 404]).toContain(status);
});

test.each([
  '/api/docs/..%2fmain.js',
  '/api/docs/%2e%2e/main.js',
  '/api/docs/%00',
  '/api/docs//etc',
])('%s leads out of the folder for nobody', async (path) => {
  const { status } = await served.ask('GET', path);
  expect([400, 403, 404]).toContain(status);
});
