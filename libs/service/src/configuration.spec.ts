import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfiguration, SERVICE_VARIABLES } from './configuration.js';

const good = {
  AMQP_URL: 'amqp://ingest:secret@127.0.0.1:5672/%2F',
  DATABASE_URL: 'postgres://ingest:secret@127.0.0.1:5432/db',
  HTTP_PORT: '0',
};

const read = (environment: NodeJS.ProcessEnv) => readConfiguration(SERVICE_VARIABLES, environment);

describe('a service’s configuration', () => {
  it('is read from the environment, with defaults for the rest', () => {
    expect(read(good)).toMatchObject({
      ...good,
      HTTP_PORT: 0,
      HTTP_HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
    });
  });

  it('is read from files where the environment names them', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'configuration-')), 'url');
    writeFileSync(file, `${good.AMQP_URL}\n`);
    const { AMQP_URL: _, ...rest } = good;
    expect(read({ ...rest, AMQP_URL_FILE: file }).AMQP_URL).toBe(good.AMQP_URL);
  });

  it('treats an empty variable as not set, since compose files pass those', () => {
    expect(read({ ...good, HTTP_HOST: '', AMQP_CA: '' })).toEqual(read(good));
  });

  it.each([
    [
      'AMQP_URL missing',
      { AMQP_URL: undefined },
      /^AMQP_URL: expected a URL such as amqp:.* got nothing$/,
    ],
    [
      'AMQP_URL of another protocol',
      { AMQP_URL: 'http://a:secret@b' },
      /^AMQP_URL: expected .*not shown/,
    ],
    ['an invalid DATABASE_URL', { DATABASE_URL: 'secret' }, /^DATABASE_URL: expected .*not shown/],
    ['HTTP_PORT in words', { HTTP_PORT: 'eighty' }, /^HTTP_PORT: expected a port.* got "eighty"$/],
    ['HTTP_PORT too large', { HTTP_PORT: '65536' }, /got "65536"$/],
    ['HTTP_PORT that is empty', { HTTP_PORT: '' }, /^HTTP_PORT: expected a port.* got nothing$/],
    ['HTTP_HOST with a blank', { HTTP_HOST: 'a b' }, /^HTTP_HOST: /],
    ['LOG_LEVEL unknown', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL: expected one of .* got "loud"$/],
    ['an invalid key', { AMQP_KEY: 'secret' }, /^AMQP_KEY: expected .*PEM, got .*not shown/],
    ['a variable and its file', { HTTP_PORT_FILE: '/x' }, /HTTP_PORT or HTTP_PORT_FILE, got both/],
    [
      'a file that is not there',
      { HTTP_PORT: undefined, HTTP_PORT_FILE: '/no/such' },
      /^HTTP_PORT_FILE: .*\/no\/such/,
    ],
  ])(
    'with %s is refused in one line that names the variable and shows no secret',
    (_, change, line) => {
      const failing = () => read({ ...good, ...change });
      expect(failing).toThrow(line);
      expect(failing).not.toThrow(/secret@|"secret"|\n/);
    },
  );
});
