import type { LoadPlan } from './load-plan.js';
import { plannedMessage } from './planned-message.js';
import { POISON_EVERY } from './poisoned-message.js';

const madeAt = Array.from({ length: 1_000 }, (_, i) => 1_700_000_000_000 + i);
const messages = (kind: LoadPlan['kind']) =>
  madeAt.map((_, number) => plannedMessage({ name: 'load-0', seed: 1, kind }, number, madeAt));

describe.each(['reports', 'poison', 'fuzz'] as const)('a load of %s', (kind) => {
  it('is the same whenever it is asked for', () => {
    // The malformed ones hold the time at which the program began.
    expect(messages(kind)).toEqual(messages(kind));
  });
});

describe('a load of reports', () => {
  const reports = messages('reports');
  const copies = reports.filter(({ original }, number) => original !== number);

  it('has copies, each of an earlier message that is none, byte for byte', () => {
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
