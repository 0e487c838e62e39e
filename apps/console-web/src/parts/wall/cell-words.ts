import { formatShare } from '../../time/format.js';
import { words } from '../../words/words.js';
import type { Cell } from './wall.js';

const { wall } = words.overview;

/** One engine in a few words. @param isKnown false: how it stands is not to be believed, so it is not said */
export function cellWords([fqdn, standing, share]: Cell, isKnown: boolean): string {
  if (!isKnown) return wall.cell(fqdn, wall.notKnown, null);
  return wall.cell(fqdn, wall.standings[standing], share === null ? null : formatShare(share));
}
