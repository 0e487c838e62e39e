import { storeFleet } from '../spec/store-fleet.js';
import {
  storeFullBackup,
  useConsole,
  type Answer,
  type ServedConsole,
} from '../spec/use-console.js';
import { ENDPOINTS } from './endpoints.js';

let served: ServedConsole;
useConsole((it) => (served = it));

const API = '/api/v1';
const get = (path: string) => served.ask('GET', `${API}${path}`);
test.each([
  ['PATCH', '/engines/fresh.example.com', {}],
  ['POST', '/engines', { fqdn: 'fresh.example.com' }],
])('%s %s names an invalid period as the request does', async (method, path, body) => {
  const answer = await served.ask(method, API + path, {
    body: { ...body, alert_period_days: -5 },
  });
  expect(answer).toMatchObject({
    status: 400,
    json: { path: 'body.alert_period_days', got: expect.stringContaining('-5') },
  });
});

const valid = (method: string, path: string, answer: unknown) =>
  ENDPOINTS.find((one) => one.method === method && one.path === path)!.answer!.parse(answer);

beforeAll(() => storeFleet(served.database));

test.each([
  ['worst', ['none', 'old', 'fresh', 'fresher']],
  ['fqdn', ['fresh', 'fresher', 'none', 'old']],
  ['age', ['none', 'old', 'fresh', 'fresher']],
])('pages of engines by %s hold each engine once', async (sort, expected) => {
  const names: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { json }: Answer = await get(
      `/engines?sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`,
    );
    valid('GET', '/engines', json);
    expect(json.total).toBe(4);
    names.push(...json.items.map(({ fqdn }: { fqdn: string }) => fqdn.split('.')[0]));
    cursor = json.next_cursor;
  }
  expect(names).toEqual(expected);
});

test.each([
  ['search=OLD', ['old.example.com']],
  ['verdict=too_old', ['old.example.com']],
  ['verdict=retired', ['retired.example.com']],
  ['search=%25', []],
  ['share_from=1', ['old.example.com']],
  ['share_below=0.5', ['fresh.example.com', 'fresher.example.com']],
  ['share_from=0.5&share_below=1', []],
])('engines with %s', async (query, expected) => {
  const { json } = await get(`/engines?${query}`);
  expect(json.items.map(({ fqdn }: { fqdn: string }) => fqdn)).toEqual(expected);
});

test.each([
  ['/engines?limit=0', 'query.limit', 'a whole number from 1 to 1000', '"0"'],
  ['/engines?share_from=-1', 'query.share_from', 'a decimal number as 0.5; 1 is the limit', '"-1"'],
  ['/engines?sort=size', 'query.sort', 'one of worst, fqdn, age', '"size"'],
  ['/engines?cursor=x', 'query.cursor', 'a next_cursor of this list', '"x"'],
  ['/engines?colour=red', 'query', 'no other field', '"colour"'],
  ['/engines?limit=1&limit=2', 'query.limit', 'a whole number from 1 to 1000', '["1","2"]'],
  ['/forecast?hours=x', 'query.hours', 'a whole number from 1 to 8760', '"x"'],
  ['/reports/2026-13', 'path.month', 'a month as 2026-11', '"2026-13"'],
  [
    '/engines/fresh.example.com/explanation?at=yesterday',
    'query.at',
    'an instant as 2026-11-20T06:00:00Z',
    '"yesterday"',
  ],
])('%s is a problem at %s', async (path, where, expected, got) => {
  const { status, json } = await get(path);
  expect({ status, json }).toMatchObject({
    status: 400,
    json: { status: 400, path: where, expected, got },
  });
});

test('one engine, in any case of its name; another is not found', async () => {
  const { json } = await get('/engines/OLD.example.com');
  valid('GET', '/engines/{fqdn}', json);
  expect(json).toMatchObject({ fqdn: 'old.example.com', verdict: 'too_old' });
  expect((await get('/engines/other.example.com')).status).toBe(404);
  expect((await get('/engines/other.example.com/explanation')).status).toBe(404);
  expect((await get('/engines/other.example.com/coverage')).status).toBe(404);
});

test('the explanation of an engine, now and at an instant', async () => {
  const now = await get('/engines/old.example.com/explanation');
  valid('GET', '/engines/{fqdn}/explanation', now.json);
  expect(now.json).toMatchObject({ outcome: 'raised', reason: 'too_old' });
  const at = await get(
    `/engines/old.example.com/explanation?at=${new Date(Date.now() - 1_000).toISOString()}`,
  );
  valid('GET', '/engines/{fqdn}/explanation', at.json);
});

test('an explanation has the rows behind it', async () => {
  const { owner } = served.database;
  const fqdn = 'evident.example.com';
  await served.ask('POST', `${API}/engines`, { body: { fqdn, alert_period_days: 2 } });
  await storeFullBackup(served.database, fqdn, 3);
  // As audit records it.
  await owner.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, fqdn, event_id, event_name, custom_data)
     SELECT time, name, 0, 0, '', source, $1::varchar, event_id, name, data FROM outbox WHERE source = '/ovirt/engines/' || $1::varchar
     UNION ALL
     SELECT done_at, 'ENGINE_BACKUP_COMPLETED', 0, 0, '', '/ovirt/engines/' || fqdn, fqdn, event_id, 'ENGINE_BACKUP_COMPLETED', '{}'
     FROM engine_backup_log WHERE fqdn = $1::varchar AND scope = 'db'`,
    [fqdn],
  );
  const rows: { id: string; name: string }[] = await owner.query(
    'SELECT audit_log_id AS id, event_name AS name FROM audit_log WHERE fqdn = $1',
    [fqdn],
  );
  const id = (name: string) => rows.find((row) => row.name === name)!.id;
  const { json } = await get(`/engines/${fqdn}/explanation`);
  valid('GET', '/engines/{fqdn}/explanation', json);
  const freshUntil = new Date(Date.parse(json.last_full_backup_at) + 2 * 86_400_000).toISOString();
  expect(json).toMatchObject({
    effect: 'none',
    next: { kind: 'turns_too_old', fresh_until: freshUntil, needed_scopes: ['db', 'files'] },
    evidence: {
      last_successes: [
        { scope: 'db', audit_log_id: id('ENGINE_BACKUP_COMPLETED') },
        { scope: 'files', audit_log_id: null },
      ],
      period: { set_by: 'token:operator', audit_log_id: id('SettingChanged') },
      monitoring: { added_by: 'token:operator', audit_log_id: id('EngineAdded') },
      alerts: [],
    },
  });
  await owner.query('DELETE FROM engine WHERE fqdn = $1', [fqdn]);
  await owner.query('TRUNCATE outbox');
});

test.each([
  '/forecast?hours=48',
  '/alerts',
  '/settings',
  '/engines/fresh.example.com/coverage',
  `/reports/${new Date().toISOString().slice(0, 7)}`,
])('%s answers as its schema says', async (path) => {
  const { status, json } = await get(path);
  expect(status).toBe(200);
  const template = path
    .split('?')[0]!
    .replace('fresh.example.com', '{fqdn}')
    .replace(/\d{4}-\d\d/, '{month}');
  valid('GET', template, json);
});

test('a change is made, with its event and who made it', async () => {
  const added = await served.ask('POST', `${API}/engines`, {
    body: { fqdn: 'New.example.com', alert_period_days: 2 },
  });
  expect(added).toMatchObject({ status: 200, json: { outcome: 'added', fqdn: 'new.example.com' } });
  const changed = await served.ask('PATCH', `${API}/engines/new.example.com`, {
    body: { alert_period_days: null },
  });
  expect(changed.json).toMatchObject({ outcome: 'changed', to: null });
  const retired = await served.ask('POST', `${API}/engines/new.example.com/retirement`);
  expect(retired.json).toEqual({ outcome: 'retired', fqdn: 'new.example.com' });
  const set = await served.ask('PUT', `${API}/settings/BackupAlertPeriodInDays`, {
    body: { value: '3' },
  });
  expect(set.json).toMatchObject({ outcome: 'changed', from: '1', to: '3' });
  const events = await served.database.owner.query(
    `SELECT name, data->>'who' AS who FROM outbox ORDER BY id`,
  );
  expect(events).toEqual(
    ['EngineAdded', 'SettingChanged', 'SettingChanged', 'EngineRetired', 'SettingChanged'].map(
      (name) => ({ name, who: 'token:operator' }),
    ),
  );
});

test('the dismissal of an alert is ended', async () => {
  const [{ id }] = await served.database.owner.query(
    `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message)
     VALUES (gen_random_uuid(), 'ENGINE_NO_FULL_BACKUP', 'alerted.example.com', now(), now(), 1, 1, '') RETURNING alert_id AS id`,
  );
  const path = `${API}/alerts/${id}/dismissal`;
  await served.ask('POST', path, { body: { comment: 'why' } });
  expect((await get('/alerts')).json.items[0]).toMatchObject({ dismissal_comment: 'why' });
  const ended = await served.ask('DELETE', path);
  expect(ended.json).toEqual({ outcome: 'ended', alert_id: id });
  expect((await get('/alerts')).json.items[0]).toMatchObject({ dismissal_comment: null });
  expect((await served.ask('DELETE', path)).json).toMatchObject({ outcome: 'not_dismissed' });
});

test("an engine's broker user is set, and taken away", async () => {
  const path = `${API}/engines/fresh.example.com`;
  const set = await served.ask('PATCH', path, { body: { broker_user: 'host-1' } });
  expect(set.json).toMatchObject({ outcome: 'changed', from: null, to: 'host-1' });
  expect((await get('/engines/fresh.example.com')).json.broker_user).toBe('host-1');
  const taken = await served.ask('PATCH', path, { body: { broker_user: null } });
  expect(taken.json).toMatchObject({ outcome: 'changed', to: null });
});

test.each([
  ['PUT', '/settings/Colour', { value: '1' }, 400],
  ['PUT', '/settings/BackupAlertPeriodInDays', { value: '0' }, 400],
  ['PUT', '/settings/BackupAlertPeriodInDays', {}, 400],
  ['POST', '/engines', { fqdn: '<script>' }, 400],
  ['POST', '/alerts/x/dismissal', { comment: 'why' }, 400],
  ['POST', '/engines/other.example.com/retirement', undefined, 404],
  ['PATCH', '/engines/other.example.com', { alert_period_days: '1' }, 404],
  ['PATCH', '/engines/fresh.example.com', { alert_period_days: -5 }, 400],
  ['PATCH', '/engines/other.example.com', { broker_user: 'host' }, 404],
  ['PATCH', '/engines/fresh.example.com', { broker_user: 'guest ' }, 400],
  ['PATCH', '/engines/fresh.example.com', { broker_user: 'host', alert_period_days: 1 }, 400],
  ['PATCH', '/engines/fresh.example.com', {}, 400],
  ['DELETE', '/alerts/0e0c0f0a-0000-4000-8000-000000000000/dismissal', undefined, 400],
])('%s %s with %j is refused', async (method, path, body, status) => {
  const answer = await served.ask(method, `${API}${path}`, { body });
  expect(answer).toMatchObject({
    status,
    json: { status, expected: expect.any(String), got: expect.any(String) },
  });
});

test('a value with which archives cannot be restored needs force', async () => {
  const put = (body: object) =>
    served.ask('PUT', `${API}/settings/BackupExcludeMode`, { body: { value: 'table', ...body } });
  expect(await put({})).toMatchObject({ status: 400, json: { path: 'body.force' } });
  expect(await put({ force: true })).toMatchObject({ status: 200, json: { to: 'table' } });
});

test('a preview tells what a change would do, and changes nothing', async () => {
  const preview = (name: string, value: string) =>
    served.ask('POST', `${API}/settings/preview`, { body: { name, value } });
  const { json } = await preview('BackupAlertPeriodInDays', '0.06');
  valid('POST', '/settings/preview', json);
  expect(json.raises).toEqual(
    expect.arrayContaining(['fresh.example.com', 'none.example.com', 'old.example.com']),
  );
  expect(json.raises).not.toContain('fresher.example.com');
  expect((await get('/settings')).json).toContainEqual(
    expect.objectContaining({ name: 'BackupAlertPeriodInDays', value: '3' }),
  );
  expect((await preview('EngineRegistrationMax', '1')).status).toBe(400);
  expect((await preview('BackupAlertPeriodInDays', '0')).status).toBe(400);
});

test('the OpenAPI document has every endpoint, and every schema that it refers to', async () => {
  const { json, text } = await get('/openapi.json');
  const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  expect(Object.keys(json.components.schemas)).toEqual(expect.arrayContaining(named));
  expect(named).toEqual(expect.arrayContaining(['Engine', 'Overview', 'Problem']));
  expect(json.openapi).toBe('3.1.0');
  for (const { method, path } of ENDPOINTS)
    expect(json.paths[path][method.toLowerCase()]).toMatchObject({
      operationId: expect.any(String),
    });
});

test('a setting that somebody else has changed meanwhile is left alone', async () => {
  const put = (body: object) =>
    served.ask('PUT', `${API}/settings/BackupAlertPeriodInDays`, { body });
  expect((await put({ value: 3 })).status).toBe(200);
  expect(await put({ value: 4, from: 2 })).toMatchObject({
    status: 409,
    json: { detail: 'BackupAlertPeriodInDays was changed meanwhile: expected 2, got 3' },
  });
  expect((await put({ value: 4, from: '3' })).json).toMatchObject({ outcome: 'changed', to: '4' });
});
