import type { FastifyRequest } from 'fastify';
import { ownSite, refuseOtherHosts, refuseOtherSites } from './own-site.js';

const request = (headers: Record<string, string>) => ({ headers }) as unknown as FastifyRequest;
const URL_OF_PROXY = 'https://backup.example.com';

describe('the origin of a request', () => {
  it.each([
    ['is that of its host, with a port', 'http://127.0.0.1:8080', '127.0.0.1:8080', undefined],
    ['is that of its host, behind a proxy with TLS', URL_OF_PROXY, 'backup.example.com', undefined],
    [
      'is that of its host, which names the default port',
      URL_OF_PROXY,
      'backup.example.com:443',
      undefined,
    ],
    [
      'is CONSOLE_URL, behind a proxy that names another host',
      URL_OF_PROXY,
      '127.0.0.1:8080',
      URL_OF_PROXY,
    ],
  ])('%s', (_, origin, host, url) => {
    const check = () => refuseOtherSites(request({ origin, host }), ownSite(url, '127.0.0.1'));
    expect(check).not.toThrow();
  });

  it.each([
    ['of another host', 'https://evil.example', 'backup.example.com'],
    ['of another port', 'https://backup.example.com:8443', 'backup.example.com'],
    ['of a host below this one', 'https://a.backup.example.com', 'backup.example.com'],
    [
      'of CONSOLE_URL without TLS, behind a proxy that names another host',
      'http://backup.example.com',
      '127.0.0.1:8080',
    ],
    ['that is opaque', 'null', 'backup.example.com'],
  ])('%s is refused', (_, origin, host) => {
    const check = () =>
      refuseOtherSites(request({ origin, host }), ownSite(URL_OF_PROXY, '127.0.0.1'));
    expect(check).toThrow('another site');
  });
});

describe('a host name', () => {
  it.each([
    ['of anybody, with CONSOLE_URL', URL_OF_PROXY, '127.0.0.1'],
    ['of anybody, where others than this machine reach the console', undefined, '0.0.0.0'],
    ['of anybody, where it listens on an address of the network', undefined, '192.0.2.1'],
  ])('%s is accepted', (_, url, listensOn) => {
    const check = () =>
      refuseOtherHosts(request({ host: 'backup.example.com' }), ownSite(url, listensOn));
    expect(check).not.toThrow();
  });

  it.each(['127.0.0.1', '::1', 'localhost'])('of another machine is refused on %s', (listensOn) => {
    const check = () =>
      refuseOtherHosts(request({ host: 'evil.example' }), ownSite(undefined, listensOn));
    expect(check).toThrow('CONSOLE_URL');
  });
});
