import { Problem } from '../../api/problem.js';
import { formatCount } from '../../time/format.js';
import { words } from '../../words/words.js';
import { OFF } from './setting.js';

/** What a change would do; `null`: nothing to alerts about freshness. */
export type Preview = {
  readonly raises: readonly string[];
  readonly clears: readonly string[];
  readonly unchanged: number;
  readonly past_days: number;
  readonly past_raises_now: number;
  readonly past_raises_then: number;
  readonly unrecorded_change: { readonly setting: string } | null;
} | null;

/** More than this share of the engines raised at once is rarely meant. */
const MANY = 0.1;

export interface Typed {
  readonly text: string;
  readonly label: string;
}

/**
 * What has to be typed before a change is made; undefined: nothing.
 *
 * @param needsForce whether the API makes it only with `force`
 */
export function typedFor(value: string, preview: Preview, needsForce: boolean): Typed | undefined {
  if (needsForce) return { text: value, label: words.settings.typeValue(value) };
  if (value === OFF) return { text: OFF, label: words.settings.typeOff };
  if (preview === null) return undefined;
  const { raises, clears, unchanged } = preview;
  const engines = raises.length + clears.length + unchanged;
  if (raises.length <= engines * MANY) return undefined;
  const label = words.settings.typeRaised(formatCount(raises.length), formatCount(engines));
  return { text: String(raises.length), label };
}

/** What a value that stops something stops; undefined for others. */
export function whatIsOff(name: string, value: string): string | undefined {
  const { off } = words.settings;
  return value === OFF ? off[name as keyof typeof off] : undefined;
}

/** Whether the API has no preview for this setting, since no alert about freshness depends on it. */
export function hasNoPreview(error: unknown): boolean {
  return error instanceof Problem && error.document.path === 'body.name';
}

/** Whether the API asks for `force`. */
export function asksForForce(error: unknown): boolean {
  return error instanceof Problem && error.document.path === 'body.force';
}
