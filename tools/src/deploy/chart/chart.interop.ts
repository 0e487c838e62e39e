import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INGEST_QUEUE, AUDIT_QUEUE } from '@backup-awareness/contracts';
import { parse } from 'yaml';
import { checkout } from '../../../setup/workspace.mjs';
import { helm } from './helm.js';
import {
  CHART,
  EXAMPLES,
  parseObjects,
  RENDERED,
  renderChart,
  withExamples,
  type KubernetesObject,
} from './render-chart.js';
import { schemaFaults } from './schema-faults.js';
import { containersOf, podOf, readVariables, type Container } from './pods.js';

const rendered = (...args: string[]) => parseObjects(renderChart(...args));
const ofKind = (objects: KubernetesObject[], kind: string) =>
  objects.filter((object) => object.kind === kind);
const namesOf = (objects: KubernetesObject[]) => objects.map(({ metadata }) => metadata.name);

const everything = rendered(...withExamples(...EXAMPLES));
const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8'));

describe('the Helm chart', () => {
  it('has the version of the product', () => {
    const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
    expect(parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8'))).toMatchObject({
      version,
      appVersion: version,
    });
  });

  it.each(RENDERED)('passes helm lint --strict ($name)', ({ args }) => {
    expect(helm('lint', '--strict', CHART, ...args)).toContain(
      '1 chart(s) linted, 0 chart(s) failed',
    );
  });

  it.each(RENDERED)(
    'renders what deploy/helm/rendered shows ($name); npm run chart updates it',
    ({ file, args }) => {
      expect(renderChart(...args)).toBe(readFileSync(file, 'utf8'));
    },
  );

  it.each(RENDERED)(
    'renders objects that the API knows, with fields that it knows ($name)',
    async ({ args }) => {
      const objects = rendered(...args);
      expect(objects.length).toBeGreaterThan(10);
      const faults: string[] = [];
      // One after the other: Jest cannot link one module in two imports at a time.
      for (const object of objects) faults.push(...(await schemaFaults(object)));
      expect(faults).toEqual([]);
    },
  );

  it('renders names that Kubernetes accepts for the longest name of a release', () => {
    const objects = parseObjects(
      helm('template', 'r'.repeat(53), CHART, ...withExamples(...EXAMPLES)),
    );
    expect(namesOf(objects).filter((name) => !/^[a-z0-9-]{1,63}$/.test(name))).toEqual([]);
    expect(new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(
      objects.length,
    );
  });

  it.each([
    ['an unknown value', 'replicas=2', "additional properties 'replicas' not allowed"],
    ['a variable that no code reads', 'services.notifier.variables.WEBHOK_URL=x', 'WEBHOK_URL'],
    ['a secret among the values', 'services.notifier.variables.SMTP_URL=smtp://a:b@c', 'SMTP_URL'],
    ['no replica', 'services.ingest.replicas=0', 'minimum: got 0, want 1'],
    ['scaling to zero', 'services.ingest.autoscaling.minReplicas=0', 'minimum: got 0, want 1'],
    ['root as the user', 'podSecurityContext.runAsUser=0', 'minimum: got 0, want 1'],
  ])('refuses %s', (_, value, message) => {
    expect(() => renderChart('--set', value)).toThrow(message);
  });
});

describe('the check by the API’s schemas', () => {
  const deployment = () => ofKind(rendered(), 'Deployment')[0]!;

  it('finds an unknown field, however deep', async () => {
    const object = deployment();
    containersOf(object)[0]!.livenesProbe = {};
    expect(await schemaFaults({ ...object, sepc: {} })).toEqual([
      'Deployment backup-awareness-audit: unknown field /spec/template/spec/containers/0/livenesProbe',
      'Deployment backup-awareness-audit: unknown field /sepc',
    ]);
  });

  it('finds a wrong type', async () => {
    const object = deployment();
    object.spec.replicas = 'two';
    expect(await schemaFaults(object)).toEqual([
      expect.stringContaining('replicas must be integer'),
    ]);
  });
});

describe('what the chart installs', () => {
  const DESTINATIONS = [
    ['variables.ALERTMANAGER_URLS', 'http://alertmanager:9093'],
    ['variables.OVIRT_API_URL', 'https://engine.example.com/ovirt-engine/api'],
    ['secretVariables[0]', 'WEBHOOK_URL'],
    ['secretVariables[0]', 'SMTP_URL'],
    ['secretVariables[0]', 'HEARTBEAT_URL'],
  ] as const;

  it('is the three services, and a job before them', () => {
    expect(namesOf(ofKind(rendered(), 'Deployment'))).toEqual([
      'backup-awareness-audit',
      'backup-awareness-freshness-checker',
      'backup-awareness-ingest',
    ]);
    const [job, ...others] = ofKind(rendered(), 'Job');
    expect(others).toEqual([]);
    expect(job!.metadata.annotations!['helm.sh/hook']).toBe('pre-install,pre-upgrade');
  });

  it.each(DESTINATIONS)('is the notifier, too, with %s=%s', (path, value) => {
    expect(
      namesOf(ofKind(rendered('--set', `services.notifier.${path}=${value}`), 'Deployment')),
    ).toContain('backup-awareness-notifier');
  });

  it('is the console, too, if it is wanted', () => {
    expect(
      namesOf(ofKind(rendered('--set', 'services.console.enabled=true'), 'Deployment')),
    ).toContain('backup-awareness-console');
  });

  it('needs no more of the Secrets without the console than before there was one', () => {
    expect(JSON.stringify(rendered())).not.toMatch(/console/i);
  });

  it('is the same with the values of an earlier version, which know no console', () => {
    const unknown = ['services.console', 'ingress', 'networkPolicy.console'];
    const args = [...unknown, 'networkPolicy.openidConnect'].flatMap((value) => [
      '--set',
      `${value}=null`,
    ]);
    expect(renderChart(...args)).toBe(renderChart());
  });

  it('is no notifier that has nobody to notify', () => {
    const objects = rendered('--set', 'services.notifier.variables.MAIL_TO=a@example.com');
    expect(namesOf(objects).filter((name) => name.includes('notifier'))).toEqual([]);
  });

  it('has no secret in it', () => {
    expect(ofKind(everything, 'Secret')).toEqual([]);
    expect(JSON.stringify(everything)).not.toMatch(/password[^_]*=|:\/\/[^/]*@/i);
  });

  it('scales the queues that ingest and audit consume, in the virtual host of AMQP_URL', () => {
    const objects = rendered(...withExamples('autoscaling'), '--set', 'virtualHost=backups');
    const triggers = ofKind(objects, 'ScaledObject').map(({ spec }) => spec.triggers[0].metadata);
    expect(triggers.map(({ queueName }) => queueName)).toEqual([AUDIT_QUEUE, INGEST_QUEUE]);
    expect(triggers.map(({ vhostName }) => vhostName)).toEqual(['backups', 'backups']);
    // Two that set the number of replicas would undo each other's work.
    const replicas = ofKind(objects, 'Deployment').map(({ spec }) => spec.replicas);
    expect(replicas).toEqual([undefined, 2, undefined]);
  });

  it.each(['Service', 'PodDisruptionBudget', 'NetworkPolicy'])(
    'has a %s for each service, which selects its pods and no others',
    (kind) => {
      const pods = everything.filter(podOf).map(({ metadata, spec }) => ({
        name: metadata.name,
        labels: spec.template.metadata.labels as Record<string, string>,
      }));
      for (const { metadata, spec } of ofKind(everything, kind)) {
        const selector =
          spec.podSelector?.matchLabels ?? spec.selector.matchLabels ?? spec.selector;
        const selected = pods.filter(({ labels }) =>
          Object.entries(selector).every(([label, value]) => labels[label] === value),
        );
        expect(selected.map(({ name }) => name)).toEqual([metadata.name]);
      }
      expect(namesOf(ofKind(everything, kind))).toEqual(
        expect.arrayContaining(namesOf(ofKind(everything, 'Deployment'))),
      );
    },
  );

  it.each(['notifier', 'console'])('lets the %s ask the services how they are', (asker) => {
    const deployment = everything.find(({ kind, metadata }) =>
      `${kind} ${metadata.name}`.endsWith(`Deployment backup-awareness-${asker}`),
    )!;
    const { SERVICE_URLS } = variablesOf(containersOf(deployment)[0]!);
    const services = ofKind(everything, 'Service')
      .filter(({ metadata }) => !metadata.name.endsWith(asker))
      .filter(({ metadata }) => !metadata.name.endsWith('console'))
      .map(({ metadata, spec }) => {
        const name = metadata.name.replace('backup-awareness-', '');
        return `${name}=http://${metadata.name}:${spec.ports[0].port}`;
      });
    expect(SERVICE_URLS!.split(',')).toEqual(services);
  });
});

const pods = everything.filter(podOf).map((object) => [object.metadata.name, object] as const);
const containers = pods.flatMap(([, object]) =>
  containersOf(object).map((container) => [container.name, container] as const),
);
const variablesOf = ({ env }: Container): Record<string, string> =>
  Object.fromEntries(env.map(({ name, value }) => [name, value]));

describe('the console behind an ingress', () => {
  const objects = rendered(...withExamples('console'));
  const ofConsole = (kind: string) =>
    ofKind(objects, kind).find(({ metadata }) => metadata.name === 'backup-awareness-console')!;

  it('is reached at its host over TLS, and knows that', () => {
    expect(ofConsole('Ingress').spec).toMatchObject({
      tls: [{ hosts: ['backup.example.com'] }],
      rules: [{ host: 'backup.example.com' }],
    });
    expect(variablesOf(containersOf(ofConsole('Deployment'))[0]!)).toMatchObject({
      CONSOLE_URL: 'https://backup.example.com',
      OIDC_CLIENT_SECRET_FILE: '/etc/backup-awareness/secrets/OIDC_CLIENT_SECRET',
    });
  });

  it('may be reached by the ingress controller, and reach the provider of OpenID Connect', () => {
    const { ingress, egress } = ofConsole('NetworkPolicy').spec;
    expect(ingress[0].from[0].namespaceSelector).toBeDefined();
    expect(JSON.stringify(egress)).toContain('"port":443');
  });

  it('needs a host', () => {
    expect(() => renderChart('--set', 'ingress.enabled=true')).toThrow('host');
  });

  it('is refused without the console', () => {
    const args = ['--set', 'ingress.enabled=true', '--set', 'ingress.host=backup.example.com'];
    expect(() => renderChart(...args)).toThrow('expected services.console.enabled, too');
  });

  it('is not there by default: nobody reaches the console', () => {
    const byDefault = rendered('--set', 'services.console.enabled=true');
    expect(ofKind(byDefault, 'Ingress')).toEqual([]);
    const policy = ofKind(byDefault, 'NetworkPolicy').find(({ metadata }) =>
      metadata.name.endsWith('console'),
    )!;
    expect(policy.spec.ingress).toBeUndefined();
    expect(JSON.stringify(policy.spec.egress)).not.toContain('"port":443');
  });
});

describe('every pod', () => {
  it.each(pods)('of %s has no more rights than it needs', (_, object) => {
    expect(podOf(object)).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const { securityContext, resources } of containersOf(object)) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(Object.keys(resources)).toEqual(['limits', 'requests']);
    }
    expect(JSON.stringify(object)).not.toMatch(/hostPath|hostNetwork|hostPID|hostIPC/);
  });

  it('leaves user and group to OpenShift, if told so', () => {
    const ids = ['runAsUser', 'runAsGroup', 'fsGroup'];
    const objects = rendered(...ids.flatMap((id) => ['--set', `podSecurityContext.${id}=null`]));
    for (const object of objects.filter(podOf))
      expect(Object.keys(podOf(object)!.securityContext)).toEqual([
        'runAsNonRoot',
        'seccompProfile',
      ]);
  });

  it.each(containers)('mounts what the variables of %s name', (_, { env, volumeMounts }) => {
    const files = env.map(({ value }) => value).filter((value) => value.startsWith('/'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files)
      expect(volumeMounts.some(({ mountPath }) => file.startsWith(`${mountPath}/`))).toBe(true);
  });

  it.each(containers)('runs a program of the image (%s)', (_, { command }) => {
    const [node, program] = command;
    expect(node).toBe('node');
    expect(existsSync(join(checkout, program!))).toBe(true);
    const dockerfile = readFileSync(join(checkout, 'deploy', 'Dockerfile'), 'utf8');
    expect(dockerfile).toContain(`--workspace ${program!.split('/').slice(0, 2).join('/')}`);
  });
});

describe('the variables of', () => {
  /** What Node and the C library read. */
  const OF_THE_RUNTIME = ['NODE_EXTRA_CA_CERTS', 'TZ'];
  /** Never shown, and refused with a password in them. */
  const WITHOUT_PASSWORD = ['CONSOLE_URL', 'OVIRT_API_URL', 'RUNBOOK_URL'];

  it.each(containers)('%s are variables that its code reads', async (name, container) => {
    const known = await readVariables(name);
    const given = Object.keys(variablesOf(container)).map((text) => text.replace(/_FILE$/, ''));
    const all = [...known.names, ...OF_THE_RUNTIME, 'DATABASE_CA'];
    expect(given.filter((text) => !all.includes(text))).toEqual([]);
  });

  it.each(['database-apply', 'topology-apply'])('%s are all that it has', async (name) => {
    const { names } = await readVariables(name);
    const given = variablesOf(containers.find(([of]) => of === name)![1]);
    expect(names.filter((text) => !(`${text}_FILE` in given))).toEqual([]);
  });

  const services = Object.keys(schema.properties.services.properties);

  it.each(services)('%s that may be among the values are all that are not secret', async (name) => {
    const { names, secret } = await readVariables(name);
    const { variables } = schema.properties.services.properties[name].properties;
    const plain = [
      ...names.filter((text) => !secret.includes(text) && text !== 'HTTP_PORT'),
      // As a rule, without a password.
      ...names.filter((text) => ['ALERTMANAGER_URLS', ...WITHOUT_PASSWORD].includes(text)),
      ...(name === 'notifier' ? ['TZ'] : []),
    ];
    expect(variables.propertyNames.enum).toEqual([...new Set(plain)].sort());
  });

  it.each(services)('%s that may be added from its Secret are all other secrets', async (name) => {
    const { secret: all } = await readVariables(name);
    const secret = all.filter((text) => !WITHOUT_PASSWORD.includes(text));
    const { secretVariables } = schema.properties.services.properties[name].properties;
    const given = variablesOf(
      containersOf(
        rendered(...withExamples('notifications', 'console')).find(
          ({ kind, metadata }) => kind === 'Deployment' && metadata.name.endsWith(`-${name}`),
        )!,
      )[0]!,
    );
    const always = secret.filter((text) => `${text}_FILE` in given);
    const addable: string[] = secretVariables.items.enum;
    expect([...new Set([...addable, ...always])].sort()).toEqual([...secret].sort());
  });
});

describe('the broker of the RabbitMQ Cluster Operator', () => {
  const cluster = parse(readFileSync(join(CHART, 'operators', 'rabbitmq.yaml'), 'utf8'));

  it('is configured as that of Compose', () => {
    const lines = (text: string) => text.split('\n').filter((line) => /^\w/.test(line));
    const configuration = readFileSync(join(checkout, 'deploy', 'rabbitmq.conf'), 'utf8');
    expect(lines(cluster.spec.rabbitmq.additionalConfig)).toEqual(lines(configuration));
    const compose = readFileSync(join(checkout, 'docker-compose.yml'), 'utf8');
    expect(compose).toContain(`:-${cluster.spec.image.replace('-management', '')}}\n`);
  });

  it('is the one that the example lets the services reach', () => {
    expect(renderChart(...withExamples('rabbitmq-cluster-operator'))).toContain(
      `app.kubernetes.io/name: ${cluster.metadata.name}\n`,
    );
  });
});

test('the database of CloudNativePG is the one that the example lets the services reach', () => {
  const cluster = parse(readFileSync(join(CHART, 'operators', 'postgresql.yaml'), 'utf8'));
  const objects = renderChart(...withExamples('cloudnative-pg'));
  expect(objects).toContain(`cnpg.io/cluster: ${cluster.metadata.name}\n`);
  expect(objects).toContain(`secretName: ${cluster.metadata.name}-ca\n`);
});
