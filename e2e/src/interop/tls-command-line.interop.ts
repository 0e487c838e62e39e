import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compiledProgram, type Certificate } from '@backup-awareness/testing';
import { startTlsInstallation, type Server, type TlsInstallation } from './tls-installation.js';

// The command line with TLS for broker, management API and database, which all require client certificates.
let installation: TlsInstallation;
beforeAll(async () => {
  installation = await startTlsInstallation();
}, 300_000);
afterAll(async () => installation?.stop(), 60_000);

interface Given {
  readonly host?: string;
  readonly trusted?: Certificate;
  /** Undefined: none is shown. */
  readonly shown?: Certificate | undefined;
  /** What Node trusts by itself. */
  readonly trustedByNode?: Certificate;
}

/** Runs a command in which only `server` is reached as `given`, and everything else as it has to be. */
async function run(args: readonly string[], server?: Server, given: Given = {}) {
  const { authority, databaseUser, endpoints } = installation;
  const { username, password } = new URL(endpoints.amqpUrl);
  const url = (of: Server, user: string, secret = '') =>
    Object.assign(installation.url(of, of === server ? given.host : undefined), {
      username: user,
      password: secret,
    }).href;
  const files = (prefix: 'AMQP' | 'DATABASE', user: string, isGiven: boolean) => {
    const trusted = (isGiven && given.trusted) || authority;
    const shown = isGiven && 'shown' in given ? given.shown : authority.issue(user);
    return {
      [`${prefix}_CA_FILE`]: trusted.cert,
      ...(shown && { [`${prefix}_CERT_FILE`]: shown.cert, [`${prefix}_KEY_FILE`]: shown.key }),
    };
  };
  const isOfBroker = server === 'broker' || server === 'management';
  const child = spawn(process.execPath, [compiledProgram('cli'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      ...(given.trustedByNode && { NODE_EXTRA_CA_CERTS: given.trustedByNode.cert }),
      // With a management API that does not use TLS, an error is the broker's.
      AMQP_MANAGEMENT_URL:
        server === 'broker' ? managementWithoutTls() : url('management', username, password),
      AMQP_URL: server === 'management' ? endpoints.amqpUrl : url('broker', username, password),
      DATABASE_URL: url('database', databaseUser),
      ...files('AMQP', 'administrator', isOfBroker),
      ...files('DATABASE', databaseUser, server === 'database'),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  return { code: child.exitCode, output };
}

function managementWithoutTls(): string {
  return (installation.endpoints as unknown as { amqpManagementUrl: string }).amqpManagementUrl;
}

const COMMANDS: Record<Server, readonly string[]> = {
  broker: ['topology', 'verify'],
  management: ['topology', 'verify'],
  database: ['engines', 'list'],
};
const NAMES: Record<Server, string> = {
  broker: 'the broker',
  management: "the broker's management API",
  database: 'the database',
};
const SERVERS = Object.keys(COMMANDS) as Server[];

it('compares and declares the topology through the management API', async () => {
  const verified = await run(['topology', 'verify']);
  expect(verified).toMatchObject({
    code: 0,
    output: expect.stringMatching(/bindings, policies and users are as required/),
  });
});

it.each(SERVERS)('reaches the %s, also where the others are as given', async (server) => {
  expect(await run(COMMANDS[server], server)).toMatchObject({ code: 0 });
});

it('reaches a management API whose authority Node trusts, with another one for the broker', async () => {
  const { authority, other } = installation;
  const given = { trusted: other, trustedByNode: authority };
  expect(await run(COMMANDS.management, 'management', given)).toMatchObject({ code: 0 });
});

it('doctor finds all three, and when their certificates end', async () => {
  const { output } = await run(['doctor', '--json']);
  const { checks } = JSON.parse(output) as {
    checks: { name: string; state: string; detail: string }[];
  };
  const states = Object.fromEntries(checks.map(({ name, state }) => [name, state]));
  expect(states).toMatchObject({ broker: 'ok', topology: 'ok', bindings: 'ok', database: 'ok' });
  const expiry = checks.filter(({ name }) => name === 'tls-expiry');
  const of = (server: Server) => installation.url(server).host;
  for (const host of SERVERS.map(of))
    expect(expiry.some(({ detail }) => detail.includes(`certificate of ${host} expires in`))).toBe(
      true,
    );
});

describe.each(SERVERS)('%s: one line says', (server) => {
  const shows = (reason: string, given: () => Given = () => ({})) =>
    run(COMMANDS[server], server, given()).then(({ code, output }) => {
      expect({ code, lines: output.trim().split('\n') }).toEqual({
        code: 3,
        lines: [expect.stringMatching(new RegExp(reason.replace('NAME', NAMES[server])))],
      });
    });

  it('since when its certificate has expired', async () => {
    await installation.show(server, installation.authority.issue('server', { isExpired: true }));
    try {
      await shows('the certificate of NAME has expired \\(valid until \\d\\S+Z\\)');
    } finally {
      await installation.show(server);
    }
  });

  it('that another authority has signed its certificate', () =>
    shows('the certificate of NAME is signed by another authority than the trusted one', () => ({
      trusted: installation.other,
    })));

  it('that its certificate is for another host name', () =>
    shows(
      'certificate of NAME is for another host name: expected localhost, got IP Address:127.0.0.1',
      () => ({ host: 'localhost' }),
    ));

  it('that it refused the client certificate, since there is none', () =>
    shows('NAME refused the client certificate: it requires one, got none', () => ({
      shown: undefined,
    })));

  it('that it refused an expired client certificate', () =>
    shows('NAME refused the client certificate \\(CN=.*; expired at \\S+Z\\)', () => ({
      shown: installation.authority.issue(installation.databaseUser, { isExpired: true }),
    })));

  it('that it refused a client certificate of another authority', () =>
    shows('NAME refused the client certificate \\(CN=.*\\): it is signed by another', () => ({
      shown: installation.other.issue(installation.databaseUser),
    })));
});
