import type { Panel, Row } from './panel.js';

const COLUMNS = 24;
const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' };

interface DashboardOptions {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
}

/** A dashboard of Grafana as JSON: rows of panels from left to right, over a data source that its reader selects. */
export function dashboard({ uid, title, description, rows }: DashboardOptions): object {
  return {
    uid,
    title,
    description,
    tags: ['backup-awareness'],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-24h', to: 'now' },
    timezone: 'browser',
    templating: {
      list: [
        {
          name: 'datasource',
          label: 'Data source',
          type: 'datasource',
          query: 'prometheus',
          refresh: 1,
          hide: 0,
        },
      ],
    },
    panels: placed(rows),
  };
}

function placed(rows: readonly Row[]): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const { title, height, panels: ofRow } of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
    });
    y += 1;
    let x = 0;
    for (const panel of ofRow) {
      const gridPos = { x, y, w: panel.width, h: height };
      panels.push({ id: panels.length + 1, gridPos, ...drawn(panel) });
      x += panel.width;
    }
    if (x !== COLUMNS) throw new Error(`the row "${title}" has ${x} of ${COLUMNS} columns`);
    y += height;
  }
  return panels;
}

function drawn({ kind, title, description, unit, queries, steps, max }: Panel): object {
  return {
    type: kind,
    title,
    description,
    datasource: DATA_SOURCE,
    fieldConfig: {
      defaults: {
        unit,
        noValue: 'none',
        ...(max !== undefined && { min: 0, max }),
        ...(steps && { thresholds: { mode: 'absolute', steps } }),
        color: { mode: steps ? 'thresholds' : 'palette-classic' },
      },
      overrides: [],
    },
    options: OPTIONS[kind],
    targets: queries.map(({ expr, legend }, i) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + i),
      datasource: DATA_SOURCE,
      expr,
      legendFormat: legend,
      ...(kind === 'timeseries' ? { range: true } : { instant: true }),
    })),
  };
}

const LATEST = { calcs: ['lastNotNull'], fields: '', values: false };

const OPTIONS: Readonly<Record<Panel['kind'], object>> = {
  stat: { reduceOptions: LATEST, textMode: 'auto', colorMode: 'value', graphMode: 'none' },
  bargauge: { reduceOptions: LATEST, orientation: 'horizontal', displayMode: 'basic' },
  timeseries: {
    legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
};
