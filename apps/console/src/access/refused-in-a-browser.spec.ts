import { Logger } from '@nestjs/common';
import type { OidcProvider } from '@backup-awareness/testing/run-oidc-provider';
import { oidcBrowser, type Cookies } from '../spec/oidc-browser.js';
import type { Answer, ServedConsole } from '../spec/use-console.js';
import { SPOILED_TOKENS, useOidcConsole } from '../spec/use-oidc-console.js';

let served: ServedConsole;
let provider: OidcProvider;
useOidcConsole((itsConsole, itsProvider) => {
  served = itsConsole;
  provider = itsProvider;
});
const { goToProvider, comeBack, signIn, session } = oidcBrowser(() => served);

/** As a browser that navigates. */
const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

/** Led to the page, with nothing but the kind of refusal, and signed in nowhere. */
async function expectLed({ status, headers, text }: Answer, kind: string, cookies: Cookies) {
  const led = { status, to: headers.get('location'), stored: headers.get('cache-control'), text };
  const to = `/?refused=${kind}`;
  expect(led).toEqual({ status: 303, to, stored: 'no-store', text: '' });
  expect((await session(cookies)).status).toBe(401);
}

const TOO_MANY = '/?refused=too_many';

// Ten failures a minute are answered by what they are, so the order counts.
test('somebody without a role', async () => {
  const { answer, cookies } = await signIn('nobody', HTML);
  await expectLed(answer, 'no_role', cookies);
});

test.each(SPOILED_TOKENS)('an ID token that is %s', async (_, spoiled) => {
  provider.spoil(spoiled);
  const { answer, cookies } = await signIn('anna', HTML);
  await expectLed(answer, 'answer_not_valid', cookies);
});

test('a callback without the cookie of the sign-in, which lasts ten minutes', async () => {
  const { callback } = await goToProvider('anna');
  const none: Cookies = new Map();
  await expectLed(await comeBack(callback, none, HTML), 'too_late', none);
});

test('somebody whom the provider refuses, without its words, also for programs', async () => {
  const { callback, cookies } = await goToProvider('anna');
  const its = 'error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E';
  const refused = callback.replace(/code=[^&]+/, its);
  const before = new Map(cookies);
  await expectLed(await comeBack(refused, cookies, HTML), 'provider_refused', cookies);
  const { status, json, text } = await comeBack(refused, before);
  expect({ status, detail: json.detail }).toEqual({
    status: 401,
    detail: 'the provider has not signed anybody in',
  });
  expect(text).not.toContain('script');
});

test('a link that was used, and then too many failures', async () => {
  const use = () =>
    served.ask('GET', '/sign-in?link=used', { token: null, headers: { accept: HTML } });
  await expectLed(await use(), 'link_used', new Map());
  let answer = await use();
  for (let failed = 2; failed < 12 && answer.headers.get('location') !== TOO_MANY; failed += 1)
    answer = await use();
  await expectLed(answer, 'too_many', new Map());
});

const failuresRecorded = () =>
  served.database.owner.query(`SELECT data FROM outbox WHERE name = 'SignInFailed'`);

// After too many failures, so that one more would be answered by that.
test.each(['server_error', 'temporarily_unavailable'])(
  'a provider that answers %s, which is no failure of the person and is not recorded as one',
  async (error) => {
    const { callback, cookies } = await goToProvider('anna');
    const recorded = await failuresRecorded();
    const said: unknown[] = [];
    const note = (message: unknown) => said.push(message);
    Logger.overrideLogger({ log: () => undefined, warn: note, error: note });
    const its = callback.replace(/code=[^&]+/, `error=${error}`);
    const before = new Map(cookies);
    await expectLed(await comeBack(its, cookies, HTML), 'provider_away', cookies);
    const answer = await comeBack(its, before);
    Logger.overrideLogger(false);
    expect(answer).toMatchObject({
      status: 503,
      json: { detail: expect.stringContaining('signing in by a token works') },
    });
    expect(await failuresRecorded()).toEqual(recorded);
    // The log has the reason though the provider describes nothing.
    expect(said).toContainEqual(expect.stringContaining(error));
  },
);

test('a sign-in while the provider is away', async () => {
  const { callback, cookies } = await goToProvider('anna');
  await provider.stop();
  await expectLed(await comeBack(callback, cookies, HTML), 'provider_away', cookies);
});

test('a sign-in while the database does not answer', async () => {
  const { owner } = served.database;
  await owner.query(`CREATE FUNCTION starting_up() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'the database system is starting up' USING ERRCODE = 'cannot_connect_now'; END $$`);
  await owner.query(
    'CREATE TRIGGER starting_up BEFORE UPDATE ON console_sign_in_link EXECUTE FUNCTION starting_up()',
  );
  const headers = { accept: HTML };
  const answer = await served.ask('GET', '/sign-in?link=any', { token: null, headers });
  await owner.query('DROP FUNCTION starting_up CASCADE');
  await expectLed(answer, 'console_away', new Map());
});

test('a sign-in while the console fails, of which no more is said', async () => {
  await served.database.owner.query('ALTER TABLE console_sign_in_link RENAME TO sign_in_link_gone');
  const headers = { accept: HTML };
  const answer = await served.ask('GET', '/sign-in?link=any', { token: null, headers });
  await served.database.owner.query('ALTER TABLE sign_in_link_gone RENAME TO console_sign_in_link');
  await expectLed(answer, 'failed', new Map());
});
