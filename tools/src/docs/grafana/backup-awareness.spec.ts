import { backupAwarenessDashboard } from './backup-awareness.js';

interface DrawnPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  readonly targets?: readonly { readonly datasource: { readonly uid: string } }[];
}

const { panels } = backupAwarenessDashboard() as { readonly panels: readonly DrawnPanel[] };
const drawn = panels.filter(({ type }) => type !== 'row');

describe('the dashboard', () => {
  it('has a title of its own, a description and a unit for each panel', () => {
    for (const { title, description, fieldConfig } of drawn) {
      expect(title).toMatch(/^[A-Z]/);
      expect(description).toMatch(/^[A-Z].*\.$/);
      expect(fieldConfig?.defaults.unit).toMatch(/^\w+$/);
    }
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  it('has unique ids', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('asks the data source that its reader selects', () => {
    for (const { datasource, targets } of drawn)
      for (const source of [datasource, ...targets!.map((target) => target.datasource)])
        expect(source).toEqual({ type: 'prometheus', uid: '${datasource}' });
  });

  it('lets no panel cover another', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
