import type { ListedReport } from '../use-engine-reports.js';

export type Outcome = 'completed' | 'failed' | 'started';

/** One or several reports of a scope, drawn as one mark; several lie too near to each other. */
export interface Mark {
  readonly id: string;
  /** Of the mark's middle, in pixels. */
  readonly x: number;
  /** Of the bar that ends there, in pixels. */
  readonly width: number;
  /** The worst of its reports. */
  readonly outcome: Outcome;
  /** In the order of time. */
  readonly reports: readonly ListedReport[];
}

export interface Lane {
  readonly scope: string;
  readonly marks: readonly Mark[];
}

export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Nearer marks cannot be told apart, nor hit by a finger's tip. */
const MARK_PX = 9;
/** A full backup is one of these; other scopes follow by name. */
const FIRST = ['db', 'files'];
const WORST: readonly Outcome[] = ['failed', 'started', 'completed'];

/**
 * Lays reports out in lanes by scope; db and files always have one, so that an absence is seen.
 *
 * A started report counts only while no end of its run is known: the end says more.
 */
export function layLanes(reports: readonly ListedReport[], span: Span, width: number): Lane[] {
  const told = reports.filter(
    ({ status, finished_at }) => status !== 'started' || finished_at === null,
  );
  const scopes = [...new Set([...FIRST, ...told.map(({ scope }) => scope).toSorted()])];
  return scopes.map((scope) => ({
    scope,
    marks: marksOf(
      told.filter((report) => report.scope === scope),
      span,
      width,
    ),
  }));
}

function marksOf(reports: readonly ListedReport[], span: Span, width: number): Mark[] {
  const slots = new Map<number, ListedReport[]>();
  for (const report of reports.toSorted((a, b) => Date.parse(a.done_at) - Date.parse(b.done_at))) {
    const slot = Math.floor(placeOf(report.done_at, span, width) / MARK_PX);
    slots.set(slot, [...(slots.get(slot) ?? []), report]);
  }
  return [...slots.values()].map((together) => markOf(together, span, width));
}

function markOf(reports: readonly ListedReport[], span: Span, width: number): Mark {
  const last = reports.at(-1)!;
  const x = placeOf(last.done_at, span, width);
  // Of several, the time between them is no backup's.
  const start = reports.length === 1 ? (last.started_at ?? last.done_at) : last.done_at;
  return {
    id: last.event_id,
    x,
    width: Math.max(0, x - placeOf(start, span, width)),
    outcome: WORST.find((outcome) => reports.some(({ status }) => status === outcome))!,
    reports,
  };
}

/** Where an instant is, in pixels from the left; kept within the width. */
export function placeOf(instant: string | number, { from, until }: Span, width: number): number {
  const share = (new Date(instant).getTime() - from) / (until - from);
  return Math.min(1, Math.max(0, share)) * width;
}

/** Which mark a key leads to: along the lane, or to the one nearest in time of the next lane. @returns undefined: the key means nothing here */
export function markByKey(lanes: readonly Lane[], id: string, key: string): string | undefined {
  const row = lanes.findIndex(({ marks }) => marks.some((mark) => mark.id === id));
  if (row < 0) return undefined;
  const { marks } = lanes[row]!;
  const place = marks.findIndex((mark) => mark.id === id);
  switch (key) {
    case 'ArrowRight':
      return marks[Math.min(place + 1, marks.length - 1)]!.id;
    case 'ArrowLeft':
      return marks[Math.max(place - 1, 0)]!.id;
    case 'Home':
      return marks[0]!.id;
    case 'End':
      return marks.at(-1)!.id;
    case 'ArrowDown':
      return nearest(lanes.slice(row + 1), marks[place]!.x) ?? id;
    case 'ArrowUp':
      return nearest(lanes.slice(0, row).toReversed(), marks[place]!.x) ?? id;
    default:
      return undefined;
  }
}

function nearest(lanes: readonly Lane[], x: number): string | undefined {
  const lane = lanes.find(({ marks }) => marks.length > 0);
  return lane?.marks.toSorted((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))[0]!.id;
}

/** Instants of local midnights below the lanes, at most `most`, each a whole number of days after the one before. */
export function dayTicks({ from, until }: Span, most: number): number[] {
  const first = new Date(from);
  first.setHours(24, 0, 0, 0);
  const days = Math.floor((until - first.getTime()) / DAY_MS) + 1;
  const step = [1, 2, 5, 7, 14, 30].find((each) => days / each <= most) ?? 45;
  const ticks: number[] = [];
  for (const day = first; day.getTime() < until; day.setDate(day.getDate() + step))
    ticks.push(day.getTime());
  return ticks;
}

const DAY_MS = 86_400_000;
