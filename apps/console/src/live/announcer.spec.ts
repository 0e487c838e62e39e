import { Announcer } from './announcer.js';
import type { Hint } from './hint.js';
import type { LiveEvent } from './live-event.js';
import type { Visibility } from './visible-hints.js';

let now = 0;
let visible: Record<string, Visibility> = {};
let told: string[] = [];

const hint = (eventId: string): Hint => ({
  origin: '/ovirt/engines/e',
  eventId,
  reportOf: 'e',
  announce: (in_audit_log) =>
    ({ kind: 'report', data: { event_id: eventId, in_audit_log } }) as unknown as LiveEvent,
});

function announcer(): Announcer {
  now = 0;
  visible = {};
  told = [];
  return new Announcer({
    now: () => now,
    look: async (hints) =>
      hints.map(({ eventId }) => visible[eventId] ?? { isStored: false, isAudited: false }),
    announce: ({ kind, data }) => {
      const { event_id, in_audit_log } = data as { event_id?: string; in_audit_log?: boolean };
      told.push(
        event_id === undefined ? kind : `${event_id} ${in_audit_log ? 'audited' : 'stored'}`,
      );
    },
  });
}

/** Looks every 50 ms for so long. */
async function pass(it: Announcer, ms: number): Promise<void> {
  for (const end = now + ms; now < end; now += 50) await it.look();
}

const STORED = { isStored: true, isAudited: false };
const AUDITED = { isStored: true, isAudited: true };

test('what is stored and in the audit log is announced once', async () => {
  const it = announcer();
  it.add(() => hint('a'));
  visible = { a: AUDITED };
  await pass(it, 10_000);
  expect(told).toEqual(['a audited']);
  expect(it.isIdle).toBe(true);
});

test('what is stored first is announced within a second, and again when it is in the audit log', async () => {
  const it = announcer();
  it.add(() => hint('a'));
  await pass(it, 200);
  visible = { a: STORED };
  await pass(it, 800);
  expect(told).toEqual(['a stored']);
  visible = { a: AUDITED };
  await pass(it, 6_000);
  expect(told).toEqual(['a stored', 'a audited']);
});

test('what is in the audit log and not stored is not announced: a page would fetch too early', async () => {
  const it = announcer();
  it.add(() => hint('a'));
  visible = { a: { isStored: false, isAudited: true } };
  await pass(it, 30_000);
  expect(told).toEqual([]);
  visible = { a: AUDITED };
  await pass(it, 6_000);
  expect(told).toEqual(['a audited']);
});

test('a message that does not count is none', async () => {
  const it = announcer();
  it.add(() => undefined);
  expect(it.isIdle).toBe(true);
});

test('a backlog that is stored after minutes ends with resync', async () => {
  const it = announcer();
  it.add(() => hint('a'));
  await pass(it, 300_000);
  expect(told).toEqual([]);
  visible = { a: AUDITED };
  await pass(it, 2_000);
  expect(told).toEqual(['resync']);
  expect(it.isIdle).toBe(true);
});

test('of more than can be followed only the oldest and the latest are looked for, and none but a hundred a second is read', async () => {
  const it = announcer();
  const read: number[] = [];
  for (let n = 0; n < 10_000; n++)
    it.add(() => {
      read.push(n);
      return hint(String(n));
    });
  expect(read).toHaveLength(100);
  for (let n = 0; n < 100; n++) visible[n] = AUDITED;
  await pass(it, 5_000);
  expect(told).toHaveLength(100);
  expect(read).toContain(9_999);
  visible['9999'] = AUDITED;
  await pass(it, 2_000);
  expect(told.slice(100)).toEqual(['resync']);
});

test('under a load that does not end, what was stored meanwhile is told again and again', async () => {
  const it = announcer();
  for (let n = 0; n < 60_000; n += 50) {
    const at = now;
    for (let one = 0; one < 10; one++) it.add(() => hint(String(at)));
    // Stored five seconds after it was published.
    visible[String(now - 5_000)] = AUDITED;
    await pass(it, 50);
  }
  expect(told.filter((one) => one === 'resync').length).toBeGreaterThan(5);
});

test('what is never stored does not keep what comes after it from being told', async () => {
  const it = announcer();
  for (let n = 0; n <= 100; n++) it.add(() => hint('never'));
  for (let n = 0; n < 120_000; n += 1_000) {
    for (let one = 0; one <= 100; one++) it.add(() => hint('later'));
    await pass(it, 1_000);
  }
  expect(told).toContain('resync');
});

test('an alert among very many reports is announced at once', async () => {
  const it = announcer();
  for (let n = 0; n < 1_000; n++) it.add(() => hint('report'));
  it.add(() => hint('alert'), false);
  visible = { alert: AUDITED };
  await pass(it, 500);
  expect(told).toEqual(['alert audited']);
});
