import { finding } from '../../judgement/findings.js';
import { askServices, askVersions } from '../../surroundings/services.js';
import { failed, ok, skipped, warning, type Observation } from '../check.js';
import { fact } from '../facts.js';
import type { Looks } from '../looks/looks.js';

/** Every service is ready, so that a report would be stored. */
export async function checkServices({ target: { services } }: Looks): Promise<Observation[]> {
  if (services === undefined) return [servicesUnknown()];
  const readiness = await askServices(services);
  return [
    ...readiness.flatMap(({ name, unready }) =>
      unready
        ? [
            failed(
              finding('service_not_ready', { name, unready }, {}),
              unready.kind === 'no_answer'
                ? { kind: 'start_service', name }
                : { kind: 'see_reason' },
            ),
          ]
        : [],
    ),
    ok(fact('services_ready', { names: readiness.map(({ name }) => name) })),
  ];
}

function servicesUnknown(): Observation {
  return skipped(fact('services_unknown', {}), { kind: 'name_services' });
}

const SUPPORTED = {
  PostgreSQL: { from: [15], upTo: 18, words: '15 to 18' },
  RabbitMQ: { from: [3, 10], upTo: 4, words: '3.10 to 4.x' },
  'Node.js': { from: [20], upTo: Infinity, words: '20 and later' },
} as const;

type Product = keyof typeof SUPPORTED;

/** Services are of this version, and everything else of a supported one. */
export async function checkVersions(looks: Looks): Promise<Observation[]> {
  const { services, version } = looks.target;
  const [postgresql, rabbitmq, own] = await Promise.all([
    looks
      .readDatabase(async (sql) => {
        const [row]: [{ version: string }] = await sql.query(
          `SELECT current_setting('server_version') AS version`,
        );
        return row.version;
      })
      .catch(() => undefined),
    looks.broker().then(
      (broker) => broker.version,
      () => undefined,
    ),
    askVersions(services ?? {}),
  ]);
  const found = [
    ['PostgreSQL', postgresql],
    ['RabbitMQ', rabbitmq],
    ['Node.js', process.versions.node],
  ] as const;
  const products = found.flatMap(([product, its]) =>
    its === undefined ? [] : [`${product} ${its}`],
  );
  return [
    ...found.flatMap(([product, its]) => (its === undefined ? [] : judgeVersion(product, its))),
    ...(postgresql === undefined ? [away('PostgreSQL')] : []),
    ...(rabbitmq === undefined ? [away('RabbitMQ')] : []),
    ...own.flatMap(({ name, version: its }) => judgeService(name, its, version)),
    ...(services === undefined ? [servicesUnknown()] : []),
    ok(fact('versions_fine', { version, products })),
  ];
}

function away(product: 'PostgreSQL' | 'RabbitMQ'): Observation {
  return skipped(fact('server_away', { product }));
}

/** Nothing if the version is supported. */
export function judgeVersion(product: Product, version: string): Observation[] {
  const { from, upTo, words } = SUPPORTED[product];
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10));
  const upgrade = { kind: 'upgrade', product } as const;
  const parameters = { product, version, supported: words };
  if (isBefore(numbers, from)) return [failed(fact('version_too_old', parameters), upgrade)];
  if ((numbers[0] ?? 0) > upTo) return [warning(fact('version_too_new', parameters), upgrade)];
  return [];
}

function isBefore(version: readonly number[], from: readonly number[]): boolean {
  for (const [i, least] of from.entries()) {
    const number = version[i] ?? 0;
    if (number !== least) return number < least;
  }
  return false;
}

/** @param version null: it tells none, as services did before this was asked; undefined: it does not answer */
function judgeService(
  name: string,
  version: string | null | undefined,
  own: string,
): Observation[] {
  if (version === undefined) return [skipped(fact('service_version_unknown', { name }))];
  if (version === own) return [];
  return [
    warning(fact('service_version_differs', { name, version, own }), { kind: 'restart_services' }),
  ];
}
