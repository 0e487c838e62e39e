import { checkDestinations } from './check-destinations.js';

const { signal } = new AbortController();
const check = (forNotifier?: Record<string, string>) =>
  checkDestinations({ forServices: {}, ...(forNotifier && { forNotifier }) }, signal);

describe('before anything runs, npm start', () => {
  it('accepts valid destinations, and none', async () => {
    await check({ HEARTBEAT_URL: 'http://localhost/ping', DIGEST_CRON: '0 7 * * 1' });
    await check();
  });

  it.each([
    [{ ALERTMANAGER_URLS: 'localhost' }, /^ALERTMANAGER_URLS: expected URLs separated by commas/],
    [
      { HEARTBEAT_URL: 'ping' },
      /^HEARTBEAT_URL: expected a URL .* got 4 characters \(not shown\)$/,
    ],
    [{ SMTP_URL: 'smtp://mail' }, /^MAIL_FROM: expected a value, since SMTP_URL is set/],
    [{ SMTP_URL_FILE: '/no/such' }, /^SMTP_URL_FILE: expected a readable file/],
  ])('refuses %j in one line', async (given, said) => {
    await expect(check(given)).rejects.toMatchObject({
      name: 'StartFailure',
      message: expect.stringMatching(said),
    });
  });
});
