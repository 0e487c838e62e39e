import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type FigureGroup } from '../figure.js';
import { publishReports } from '../reports.js';
import { clearTables, type ServiceName, type Stage } from '../stage.js';
import { median } from '../statistics.js';

const MESSAGES = 1_000_000;
const AT_ONCE = 100_000;
/** Each figure is the median of as many samples, so that no single garbage collection decides. */
const SAMPLES = 15;
/** Long enough for V8 to collect the rest of the load, if it does so by itself. */
const REST_MS = 30_000;

/** The memory of each service after a million messages, and how much of it the last half added. */
export const memory: FigureGroup = {
  name: 'memory',
  async measure(stage) {
    const services = Object.values(stage.services);
    await clearTables(stage);
    await Promise.all(services.map((service) => service.start(stage.signal)));
    let half: Record<ServiceName, number> | undefined;
    for (let sent = AT_ONCE; sent <= MESSAGES; sent += AT_ONCE) {
      await stage.progress.step(
        `memory: ${sent.toLocaleString('en')} messages`,
        () => sendAndStore(stage, sent),
        'stored',
      );
      if (sent === MESSAGES / 2) half = await rssMib(stage);
    }
    const end = await rssMib(stage);
    await sleep(REST_MS, undefined, { signal: stage.signal });
    const rest = await rssMib(stage);
    await Promise.all(services.map((service) => service.stop()));
    const names = Object.keys(end) as ServiceName[];
    const growth = (name: ServiceName) => (end[name] / half![name] - 1) * 100;
    return [
      {
        name: 'rss_mib',
        what: 'MiB of the largest service when a million messages are stored, and half a minute later',
        ours: Math.max(...Object.values(end)),
        other: null,
        target: atMost(130),
        note: names
          .map((name) => `${name} ${Math.round(end[name])}, later ${Math.round(rest[name])}`)
          .join('; '),
      },
      {
        name: 'rss_growth_percent',
        what: '% by which the memory of a service grew during the last half of them',
        ours: Math.max(...names.map(growth)),
        other: null,
        target: atMost(2),
        note: names.map((name) => `${name} ${growth(name).toFixed(1)}`).join(', '),
      },
    ];
  },
};

async function sendAndStore({ amqpUrl, database, signal }: Stage, total: number): Promise<void> {
  await publishReports(amqpUrl, AT_ONCE);
  for (const table of ['engine_backup_log', 'audit_log'])
    for (;;) {
      const { rows } = await database.query(`SELECT count(*)::int AS count FROM ${table}`);
      if (rows[0].count >= total) break;
      await sleep(250, undefined, { signal });
    }
}

async function rssMib({ services, signal }: Stage): Promise<Record<ServiceName, number>> {
  const samples: Record<string, number[]> = {};
  for (let i = 0; i < SAMPLES; i++) {
    for (const { name, pid } of Object.values(services)) {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      (samples[name] ??= []).push(Number(/^VmRSS:\s+(\d+)/m.exec(status)![1]) / 1_024);
    }
    await sleep(200, undefined, { signal });
  }
  return Object.fromEntries(
    Object.entries(samples).map(([name, values]) => [name, median(values)]),
  ) as Record<ServiceName, number>;
}
