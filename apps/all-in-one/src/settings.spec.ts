import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from './checkout.js';
import { virtualHostOf } from '@backup-awareness/contracts/plain';
import { readSettings } from './settings.js';

describe('the settings of npm start', () => {
  it('are a private broker and database in .run by default', () => {
    expect(readSettings({ PATH: '/bin' })).toEqual({
      runDirectory: join(checkout, '.run'),
      isDefaultRunDirectory: true,
      forServices: { PATH: '/bin' },
      forConsole: {},
    });
  });

  it.each([
    ['amqp://u:p@host', 'amqp://u:p@host/%2F', '/'],
    ['amqp://u:p@host/', 'amqp://u:p@host/%2F', '/'],
    ['amqp://u:p@host:5673/%2F', 'amqp://u:p@host:5673/%2F', '/'],
    ['amqps://u:p@host/backups', 'amqps://u:p@host/backups', 'backups'],
  ])('take the virtual host from %s', (given, expected, virtualHost) => {
    const { amqpUrl } = readSettings({ AMQP_URL: given });
    expect(amqpUrl).toBe(expected);
    expect(virtualHostOf(amqpUrl!)).toBe(virtualHost);
  });

  it('are read from files, too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    writeFileSync(join(folder, 'url'), 'postgresql://u:p@host/db\n');
    const settings = readSettings({ DATABASE_URL_FILE: join(folder, 'url') });
    expect(settings.databaseUrl).toBe('postgresql://u:p@host/db');
    rmSync(folder, { recursive: true });
  });

  it('refuse a variable that is set together with its file', () => {
    const environment = { AMQP_URL: 'amqp://host', AMQP_URL_FILE: '/no/such' };
    expect(() => readSettings(environment)).toThrow(
      'AMQP_URL: expected AMQP_URL or AMQP_URL_FILE, got both',
    );
  });

  it.each([
    ['AMQP_URL', 'http://u:secret@host'],
    ['DATABASE_URL', 'secret'],
    ['AMQP_MANAGEMENT_URL', 'amqp://u:secret@host'],
  ])('refuse an invalid %s without showing it', (name, value) => {
    const read = (): unknown => readSettings({ AMQP_URL: 'amqp://host', [name]: value });
    expect(read).toThrow(new RegExp(`^${name}: expected a URL that begins with `));
    expect(read).not.toThrow(/secret/);
  });

  it('pass on to services only what they know', () => {
    const { forServices } = readSettings({ LOG_LEVEL: 'debug', AMQP_CA_FILE: '/ca', OTHER: 'x' });
    expect(forServices).toEqual({ LOG_LEVEL: 'debug', AMQP_CA_FILE: '/ca' });
  });

  it('hand on to the console alone where browsers find it, and how people sign in', () => {
    const given = {
      CONSOLE_URL: 'https://console',
      OIDC_CLIENT_SECRET_FILE: '/secret',
      OIDC_CA_FILE: '/ca',
    };
    const settings = readSettings({ ...given, PATH: '/bin' });
    expect(settings).toMatchObject({ consoleUrl: 'https://console', forConsole: given });
    expect(settings.forServices).toEqual({ PATH: '/bin' });
  });

  it('hand on to the notifier alone whom it tells, and have none where nobody is told', () => {
    const given = { ALERTMANAGER_URLS_FILE: '/urls', CONSOLE_URL: 'https://console' };
    const settings = readSettings({ ...given, PATH: '/bin' });
    expect(settings.forNotifier).toEqual(given);
    expect(settings.forServices).toEqual({ PATH: '/bin' });
    expect(readSettings({ CONSOLE_URL: 'https://console' })).not.toHaveProperty('forNotifier');
  });
});
