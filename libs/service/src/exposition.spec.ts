import { exposition, instantSamples, type MetricFamily } from './exposition.js';

const textOf = (...families: MetricFamily[]) => [...exposition(families)].join('');

describe('the text of metrics', () => {
  it('has help, type and samples of each family', () => {
    expect(
      textOf(
        { name: 'leader', help: 'Whether it leads', samples: [{ value: 1 }] },
        { name: 'engines', help: 'Engines', samples: [{ labels: { a: 'x', b: 'y' }, value: 2.5 }] },
      ),
    ).toBe(
      '# HELP leader Whether it leads\n# TYPE leader gauge\nleader 1\n' +
        '# HELP engines Engines\n# TYPE engines gauge\nengines{a="x",b="y"} 2.5\n',
    );
  });

  it('has nothing of a family without samples, so that nothing to tell is not 0', () => {
    expect(textOf({ name: 'oldest', help: 'Oldest', samples: instantSamples(null) })).toBe('');
  });

  it('has instants in seconds', () => {
    const samples = instantSamples(1_700_000_000_250);
    expect(textOf({ name: 'last', help: 'Last', samples })).toContain('\nlast 1700000000.25\n');
  });

  it('escapes the values of labels', () => {
    const samples = [{ labels: { name: 'a"b\\c\nd' }, value: 1 }];
    expect(textOf({ name: 'x', help: 'X', samples })).toContain('\nx{name="a\\"b\\\\c\\nd"} 1\n');
  });

  it('comes in chunks', () => {
    const samples = Array.from({ length: 10_000 }, (_, i) => ({ labels: { i: `${i}` }, value: i }));
    const chunks = [...exposition([{ name: 'many', help: 'Many', samples }])];
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.join('').split('\n')).toHaveLength(10_003);
  });
});
