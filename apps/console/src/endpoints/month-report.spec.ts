import { storeFullBackup, useConsole, type ServedConsole } from '../spec/use-console.js';

let served: ServedConsole;
useConsole((it) => (served = it));

const month = new Date().toISOString().slice(0, 7);
const get = (accept: string, path = `/api/v1/reports/${month}`) =>
  served.ask('GET', path, { headers: { accept } });

beforeAll(async () => {
  await storeFullBackup(served.database, 'engine.example.com', 1);
  await served.database.owner.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, fqdn, alert_id, event_id, event_name, custom_data)
     VALUES (now(), 'AlertDismissed', 0, 0, '', 'spec', 'engine.example.com', gen_random_uuid(), '1', 'AlertDismissed',
       jsonb_build_object('when', now(), 'who', '=cmd|calc', 'what', 'alert', 'alert', 'ENGINE_NO_FULL_BACKUP',
         'comment', '<script>alert(1)</script>' || chr(8238)))`,
  );
});

test('a month as CSV has a line for each engine, with formulas defused', async () => {
  const { headers, text } = await get('text/csv');
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const [head, engine, all, end] = text.split('\r\n');
  expect(head).toMatch(/^month,fqdn,covered_percent,/);
  expect(engine).toMatch(`${month},engine.example.com,`);
  expect(engine).toContain(`,'=cmd|calc `);
  expect(all).toMatch(`${month},(all),`);
  expect(end).toBe('');
});

test('a month as HTML is whole, has no script, and escapes what it shows', async () => {
  const { headers, text } = await get(
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  );
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(text).toMatch(/^<!doctype html>[^]*engine\.example\.com[^]*<\/html>\n$/);
  expect(text).not.toMatch(/<script/i);
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;\\u202e');
});

test('the style of the page is all that its policy lets through', async () => {
  const { headers, text } = await get('text/html');
  const policy = headers.get('content-security-policy')!;
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; /);
  expect(policy).toContain(`frame-ancestors 'none'`);
  const style = /<style>([^]*)<\/style>/.exec(text)![1]!;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
  expect(policy).toContain(Buffer.from(digest).toString('base64'));
});

test.each(['application/json', '*/*'])('a month for %s is JSON', async (accept) => {
  expect((await get(accept)).json).toMatchObject({ month });
});

test('a month that has not begun is a problem, whatever is asked for', async () => {
  const answer = await get('text/html', '/api/v1/reports/2999-01');
  expect(answer).toMatchObject({ status: 400, json: { path: 'path.month' } });
});

test('while a change of a setting is not recorded yet, report and preview name it as the cause', async () => {
  await served.ask('PUT', '/api/v1/settings/BackupAlertPeriodInDays', { body: { value: '3' } });
  const report = await get('application/json');
  expect(report.status).toBe(409);
  expect(report.json.detail).toMatch(
    /^the past is unknown before \S+Z: the change of BackupAlertPeriodInDays at that time is not in the audit log yet/,
  );
  const preview = await served.ask('POST', '/api/v1/settings/preview', {
    body: { name: 'BackupAlertPeriodInDays', value: '2' },
  });
  expect(preview.json).toMatchObject({
    past_days: 0,
    unrecorded_change: { setting: 'BackupAlertPeriodInDays', at: expect.any(String) },
  });
});

test('when the change is recorded, the month is known again', async () => {
  await served.database.owner.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
     SELECT now(), name, 0, 0, '', 'spec', event_id, name, data FROM outbox WHERE name = 'SettingChanged'`,
  );
  expect((await get('application/json')).status).toBe(200);
  const preview = await served.ask('POST', '/api/v1/settings/preview', {
    body: { name: 'BackupAlertPeriodInDays', value: '2' },
  });
  expect(preview.json).toMatchObject({ unrecorded_change: null });
});
