import { parseSmtpUrl } from './smtp-url.js';

describe('the URL of a mail server', () => {
  it.each([
    ['with a user', 'smtp://user:password@mail.example.com', true],
    ['with a user whose name begins like a loopback address', 'smtp://u:p@127.0.0.1.example', true],
    ['without a user', 'smtp://mail.example.com', false],
    ['of this host', 'smtp://user:password@localhost:25', false],
    ['of this host by its address', 'smtp://user:password@127.0.0.1:25', false],
    ['of this host by its IPv6 address', 'smtp://user:password@[::1]:25', false],
    ['that begins with TLS', 'smtps://user:password@mail.example.com', false],
  ])('%s requires STARTTLS: %s', (_, url, requireTLS) => {
    expect(parseSmtpUrl(url)).toMatchObject({ requireTLS });
  });
});
