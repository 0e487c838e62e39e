import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CHECKOUT, eventually, hoursAgo, report } from '@backup-awareness/testing';
import { parse } from 'yaml';
import { decisionOfAll, raisedAlert, stored } from '../alerts.js';
import { startProduct, THIS_HOST, type Product } from '../product.js';
import { promtool, runPrometheus, type RunningPrometheus } from './run-prometheus.js';

const FOLDER = join(CHECKOUT, 'deploy', 'prometheus');
const RULES = join(FOLDER, 'rules.yml');
const SCRAPE = join(FOLDER, 'scrape.yml');

interface ScrapeConfig {
  readonly job_name: string;
  readonly dns_sd_configs: readonly { readonly names: readonly string[] }[];
  /** Of a service whose metrics need a token. */
  readonly authorization?: object;
}

/** deploy/prometheus/scrape.yml with the addresses of this product, and with no time to lose. */
function configuration(product: Product): object {
  const { scrape_configs } = parse(readFileSync(SCRAPE, 'utf8')) as {
    scrape_configs: ScrapeConfig[];
  };
  const { services, consoleToken } = product.endpoints();
  return {
    global: { evaluation_interval: '1s' },
    rule_files: [RULES],
    scrape_configs: scrape_configs.map(({ dns_sd_configs, authorization, ...job }) => ({
      ...job,
      ...(authorization && { authorization: { credentials: consoleToken } }),
      scrape_interval: '1s',
      scrape_timeout: '1s',
      static_configs: dns_sd_configs[0]!.names.map((name) => ({
        targets: [new URL(services[name]!.url).host],
        labels: { __meta_dns_name: name },
      })),
    })),
  };
}

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
}
const rules = (
  parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules);

const NOTIFICATIONS_FAILING = 'BackupAwarenessNotificationsFailing';

/** What a query selects: each metric with its labels. */
const selectorsOf = (query: string): string[] =>
  query.match(/\b(?:backup_awareness[\w:]*|up)(?:\{[^}]*\})?/g) ?? [];

const dashboard = JSON.parse(
  readFileSync(join(CHECKOUT, 'deploy', 'grafana', 'backup-awareness.json'), 'utf8'),
) as { panels: { title: string; targets?: { expr: string }[] }[] };
const panelQueries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', '30s')] as const),
);

let webhook: Server;
let product: Product;
let prometheus: RunningPrometheus;
beforeAll(async () => {
  webhook = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  product = await startProduct({
    WEBHOOK_URL: `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/hook`,
    // Nobody listens there.
    ALERTMANAGER_URLS: 'http://127.0.0.1:9',
  });
  prometheus = await runPrometheus(configuration(product));
  // The first dead letter is an increase only if there was a count before it.
  await answers('backup_awareness_messages_settled_total{outcome="invalid"}');
  await makeSituation();
});
afterAll(async () => {
  await prometheus?.stop();
  await product?.stop();
  webhook?.closeAllConnections();
  webhook?.close();
});

/** Everything that a rule or a panel looks for: what is well, and what is not. */
async function makeSituation(): Promise<void> {
  await product.reportFullBackup('fresh.example.com');
  await product.reportFullBackup('old.example.com', { done_at: hoursAgo(48) });
  const started = { scope: 'dwhdb', status: 0, done_at: hoursAgo(13) } as const;
  await product.reportBare(report({ fqdn: 'fresh.example.com', ...started }));
  await stored(product, 'fresh.example.com', 3);
  await stored(product, 'old.example.com', 2);
  await decisionOfAll(product);
  await raisedAlert(product, 'old.example.com', 'ENGINE_NO_WARM_BACKUP');
  await raisedAlert(product, 'fresh.example.com', 'ENGINE_BACKUP_STUCK');
  await raisedAlert(product, THIS_HOST, 'ENGINE_NO_FULL_BACKUP');
  await product.reportBare({ ...report({ fqdn: 'fresh.example.com' }), scope: 'all' });
  // Pending until it has been refused ten times, and then set aside.
  await product.query(
    `INSERT INTO outbox (event_id, name, exchange, routing_key, source, subject, time, data)
     VALUES ($1, 'SettingChanged', 'no-such-exchange', 'none', '/a-test', 'none', now(), '{}')`,
    [randomUUID()],
  );
}

/** A query has an answer, or had one since this test began. */
const answers = (query: string) =>
  eventually(async () => {
    if ((await prometheus.count(`last_over_time((${query})[10m:1s])`)) === 0)
      throw new Error(`no answer to ${query}`);
  }, 60_000);

describe('the rules for Prometheus', () => {
  it('are accepted by promtool, and so is the example of scraping', () => {
    expect(promtool(['check', 'rules', RULES])).toMatchObject({ code: 0 });
    expect(promtool(['check', 'config', '--syntax-only', SCRAPE])).toMatchObject({ code: 0 });
  });

  it('pass their unit tests', () => {
    const { code, output } = promtool(['test', 'rules', join(FOLDER, 'rules.test.yml')]);
    expect(output).toContain('SUCCESS');
    expect(code).toBe(0);
  });

  it.each(rules.map((rule) => [rule.alert ?? rule.record, rule] as const))(
    '%s selects series that the product has',
    async (_, { expr }) => {
      expect(selectorsOf(expr)).not.toEqual([]);
      for (const selector of selectorsOf(expr)) await answers(selector);
    },
  );

  it('tell what is not well, and nothing else', async () => {
    await eventually(async () => {
      const loaded = await prometheus.rules();
      expect(loaded.filter(({ health }) => health !== 'ok')).toEqual([]);
      const active = loaded.filter(
        // Whether that one is active depends on how long this test takes.
        ({ name, state = 'inactive' }) => state !== 'inactive' && name !== NOTIFICATIONS_FAILING,
      );
      expect(active.map(({ name }) => name).sort()).toEqual([
        'BackupAwarenessBackupStuck',
        'BackupAwarenessDeadLetters',
        'BackupAwarenessEngineTooOld',
        'BackupAwarenessEngineWithoutFullBackup',
        'BackupAwarenessEventsSetAside',
        'BackupAwarenessNotAllFresh',
      ]);
    }, 60_000);
  });

  it('have no alert of a name that the notifier sends', () => {
    const sent = /^(Engine|ManyEngines)|^BackupAwarenessUnknown$/;
    expect(rules.filter(({ alert }) => sent.test(alert ?? ''))).toEqual([]);
  });
});

describe('the dashboard for Grafana', () => {
  it.each(panelQueries)('%s has an answer', async (_, query) => {
    await answers(query);
  });
});

describe('the metrics', () => {
  const exposition = async (service: string, path = '/metrics') =>
    (await fetch(`${product.endpoints().services[service]!.url}${path}`)).text();

  it.each([
    ['ingest', '/metrics'],
    ['freshness-checker', '/metrics'],
    ['freshness-checker', '/metrics/engines'],
    ['audit', '/metrics'],
    ['notifier', '/metrics'],
  ])('of %s at %s are well formed', async (service, path) => {
    const text = await exposition(service, path);
    expect(text).toContain('backup_awareness_');
    expect(promtool(['check', 'metrics'], text)).toEqual({ code: 0, output: '' });
  });

  it('of an engine end when it is retired', async () => {
    const series = '{__name__=~"backup_awareness_engine_.+",fqdn="old.example.com"}';
    expect(await prometheus.count(series)).toBe(5);
    await product.cliJson('engines', 'retire', 'old.example.com');
    await eventually(async () => expect(await prometheus.count(series)).toBe(0), 30_000);
  });
});
