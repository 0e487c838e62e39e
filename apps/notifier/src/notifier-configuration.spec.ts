import { readConfiguration } from '@backup-awareness/service';
import { NOTIFIER_VARIABLES } from './notifier-configuration.js';

const BASE = { DATABASE_URL: 'postgres://u:p@host/db', HTTP_PORT: '0' };
const read = (given: Record<string, string>) =>
  readConfiguration(NOTIFIER_VARIABLES, { ...BASE, ...given });

describe('the configuration of the notifier', () => {
  it('has no destination by default, and needs no broker', () => {
    expect(read({ ALERTMANAGER_URLS: '' })).toMatchObject({
      ALERTMANAGER_URLS: undefined,
      WEBHOOK_URL: undefined,
      SMTP_URL: undefined,
      OVIRT_API_URL: undefined,
    });
  });

  it('accepts lists separated by commas, and URLs with or without a trailing slash', () => {
    expect(
      read({
        ALERTMANAGER_URLS: 'http://a:9093, http://b:9093/am',
        SERVICE_URLS: 'ingest=http://ingest:8080,audit=http://audit:8080',
        CONSOLE_URL: 'https://console/',
      }),
    ).toMatchObject({
      ALERTMANAGER_URLS: ['http://a:9093', 'http://b:9093/am'],
      SERVICE_URLS: { ingest: 'http://ingest:8080', audit: 'http://audit:8080' },
      CONSOLE_URL: 'https://console',
    });
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a list with an invalid URL',
      { ALERTMANAGER_URLS: 'http://a:9093,b' },
      'ALERTMANAGER_URLS: expected URLs',
    ],
    [
      'a file for a webhook',
      { WEBHOOK_URL: 'file:///etc/passwd' },
      'WEBHOOK_URL: expected a URL such as',
    ],
    [
      'a short secret',
      { WEBHOOK_SECRET: 'short' },
      'WEBHOOK_SECRET: expected a text of at least 16',
    ],
    [
      'mail without a sender',
      { SMTP_URL: 'smtp://mail' },
      'MAIL_FROM: expected a value, since SMTP_URL is set',
    ],
    [
      'a heartbeat without the services that it depends on',
      { HEARTBEAT_URL: 'https://hc/ping' },
      'SERVICE_URLS: expected a value, since HEARTBEAT_URL is set',
    ],
    [
      'a password of SMTP that is not percent-encoded',
      { SMTP_URL: 'smtp://user:100%@mail', MAIL_FROM: 'a@b', MAIL_TO: 'a@b' },
      'SMTP_URL: expected a URL such as smtp://user:password@mail:587, with special characters percent-encoded',
    ],
    [
      'a URL of SMTP without a host',
      { SMTP_URL: 'smtp:mail', MAIL_FROM: 'a@b', MAIL_TO: 'a@b' },
      'SMTP_URL: expected a URL such as',
    ],
    ['an invalid schedule', { DIGEST_CRON: 'weekly' }, 'DIGEST_CRON: expected a schedule'],
    [
      'oVirt without a password',
      { OVIRT_API_URL: 'https://e/ovirt-engine/api', OVIRT_API_USER: 'admin@internal' },
      'OVIRT_API_PASSWORD: expected a value, since OVIRT_API_URL is set',
    ],
    [
      'a user and a password in the URL of oVirt',
      {
        OVIRT_API_URL: 'https://admin:hidden@e/ovirt-engine/api',
        OVIRT_API_USER: 'admin@internal',
        OVIRT_API_PASSWORD: 'p',
      },
      'OVIRT_API_URL: expected a URL without user and password such as https://engine.example.com/ovirt-engine/api (set OVIRT_API_USER and OVIRT_API_PASSWORD), got 39 characters (not shown)',
    ],
    [
      'a password in the URL of links',
      { CONSOLE_URL: 'https://user:hidden@console' },
      'CONSOLE_URL: expected a URL without user and password',
    ],
    [
      'a password of a webhook that is not percent-encoded',
      { WEBHOOK_URL: 'https://user:100%@example.com' },
      'WEBHOOK_URL: expected a URL such as https://example.com/hook, with special characters percent-encoded',
    ],
    [
      'a password of an Alertmanager that is not percent-encoded',
      { ALERTMANAGER_URLS: 'http://user:100%@a:9093' },
      'ALERTMANAGER_URLS: expected URLs separated by commas',
    ],
    [
      'a service without a name',
      { SERVICE_URLS: 'http://ingest:8080' },
      'SERVICE_URLS: expected services',
    ],
  ])('refuses %s', (_, given, said) => {
    expect(() => read(given)).toThrow(said);
  });

  it('never shows a value that may contain a secret', () => {
    const secrets = {
      ALERTMANAGER_URLS: 'u:hidden@a',
      WEBHOOK_URL: 'hidden',
      SMTP_URL: 'hidden',
      HEARTBEAT_URL: 'hidden',
    };
    for (const [name, value] of Object.entries(secrets))
      expect(() => read({ [name]: value })).not.toThrow(/hidden/);
  });
});
