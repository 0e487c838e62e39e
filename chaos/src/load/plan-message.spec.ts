import type { LoadPlan } from './load-plan.js';
import { plannedMessage } from './plan-message.js';
import { POISON_EVERY } from './poisoned-message.js';

const madeAt = Array.from({ length: 1_000 }, (_, i) => 1_700_000_000_000 + i);
const messages = (kind: LoadPlan['kind']) =>
  madeAt.map((_, number) => plannedMessage({ name: 'load-0', seed: 1, kind }, number, madeAt));

describe.each(['reports', 'poison', 'fuzz', 'hostile'] as const)('a load of %s', (kind) => {
  it('is always the same', () => {
    // Within one process: malformed messages have the time of its start in them.
    expect(messages(kind)).toEqual(messages(kind));
  });
});

describe('a load of reports', () => {
  const reports = messages('reports');
  const copies = reports.filter(({ original }, number) => original !== number);

  it('has copies, each equal to an earlier original, byte for byte', () => {
    expect(copies.length).toBeGreaterThan(10);
    for (const copy of copies) expect(copy).toEqual(reports[copy.original]);
    for (const { original } of copies) expect(reports[original]!.original).toBe(original);
  });

  it('has every form, every status and many scopes', () => {
    const contentTypes = new Set(reports.map(({ options }) => options.contentType));
    const withoutId = reports.filter(({ options }) => options.messageId === undefined);
    expect(contentTypes.size).toBe(2);
    expect(withoutId.length).toBeGreaterThan(10);
    expect(new Set(reports.map(({ row }) => row?.report.status))).toEqual(new Set([-1, 0, 1]));
    expect(new Set(reports.map(({ row }) => row?.report.scope)).size).toBe(8);
  });

  it('has an id of its own in every row', () => {
    const originals = reports.filter(({ original }, number) => original === number);
    expect(new Set(originals.map(({ row }) => row?.eventId)).size).toBe(originals.length);
  });
});

describe('a load of poison', () => {
  it('has exactly one malformed message in each hundred', () => {
    const isMalformed = messages('poison').map(({ fate }) => fate === 'dead letter');
    for (let at = 0; at < isMalformed.length; at += POISON_EVERY)
      expect(isMalformed.slice(at, at + POISON_EVERY).filter(Boolean)).toHaveLength(1);
  });
});

describe('a load of hostile messages', () => {
  const all = messages('hostile');
  const wires = all.flatMap(({ wire }) => wire ?? []);
  const share = (has: (properties: (typeof wires)[number]['properties']) => boolean) =>
    wires.filter(({ properties }) => has(properties)).length / wires.length;

  it('has about as many healthy reports as hostile ones', () => {
    expect(wires.length).toBeGreaterThan(all.length / 3);
    expect(all.filter(({ fate }) => fate === 'stored').length).toBeGreaterThan(all.length / 3);
  });

  it('has each property in some messages and not in others', () => {
    const names = ['headers', 'messageId', 'timestamp', 'type', 'priority', 'replyTo'] as const;
    for (const name of names) {
      const present = share((properties) => properties[name] !== undefined);
      expect(present).toBeGreaterThan(0.2);
      expect(present).toBeLessThan(0.95);
    }
  });

  it('has headers that look like a type of the library, and large ones', () => {
    const hasTyped = share(({ headers }) => headers?.includes('\u0001!S') ?? false);
    const isLarge = share(({ headers }) => (headers?.length ?? 0) > 30_000);
    expect(hasTyped).toBeGreaterThan(0.02);
    expect(isLarge).toBeGreaterThan(0.02);
  });

  it('has each number in the body, and no id twice', () => {
    all.forEach(({ body }, number) =>
      expect(body.toString()).toContain(`"/var/log/load-0/${number}.log"`),
    );
    const ids = all.flatMap(({ wire, body }) =>
      body.includes('specversion') ? [] : (wire?.properties.messageId?.toString('latin1') ?? []),
    );
    expect(ids.length).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
