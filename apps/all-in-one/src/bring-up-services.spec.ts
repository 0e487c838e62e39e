import { keepRunning, openRunDirectory, stopRecorded } from '@backup-awareness/local-servers';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bringUpServices } from './bring-up-services.js';

const LIMIT_MS = 100_000;

const PROGRAM = `
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
if (process.env.TOLD) writeFileSync(process.env.TOLD, process.env.SERVICE_URLS);
createServer((_, response) => response.end('ok')).listen(Number(process.env.HTTP_PORT), '127.0.0.1');
`;

let folder: string;
const ending = new AbortController();
const watches: Promise<void>[] = [];
let runDirectory: Awaited<ReturnType<typeof openRunDirectory>>;
const usurper = createServer();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'services-'));
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
  runDirectory = await openRunDirectory(join(folder, 'run'), {
    signal: ending.signal,
    say: () => undefined,
    onWait: () => undefined,
  });
});
afterAll(async () => {
  ending.abort();
  await Promise.allSettled(watches);
  await stopRecorded(runDirectory.processes);
  runDirectory.close();
  usurper.close();
  rmSync(folder, { recursive: true, force: true });
}, LIMIT_MS);

test(
  'given that a service is back at another port, the service that asks it gets its present address',
  async () => {
    const told = join(folder, 'told');
    const program = join(folder, 'program.mjs');
    const services = await bringUpServices({
      runDirectory,
      definitions: [
        { name: 'asked', program, environment: {} },
        { name: 'asker', program, environment: { TOLD: told }, asksOthers: true },
      ],
      inherited: {},
      progress: {
        line: () => undefined,
        step: (_title: string, work: (say: () => void) => unknown) => work(() => undefined),
      } as never,
      signal: ending.signal,
      onEndpoints: () => undefined,
      watch: (service) =>
        watches.push(keepRunning(service, { signal: ending.signal, say: () => undefined })),
      giveUp: () => ending.abort(),
    });
    const [asked] = services;
    const before = asked!.url;
    expect(readFileSync(told, 'utf8')).toBe(`asked=${before}`);
    asked!.kill();
    await asked!.ended();
    await new Promise<void>((resolve) =>
      usurper.listen(Number(new URL(before).port), '127.0.0.1', resolve),
    );
    while (asked!.url === before || readFileSync(told, 'utf8') !== `asked=${asked!.url}`)
      await sleep(50);
    expect(asked!.url).not.toBe(before);
  },
  LIMIT_MS,
);
