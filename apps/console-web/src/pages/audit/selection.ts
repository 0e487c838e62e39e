import type { Answer } from '../../api/use-answer.js';

export type AuditRow = Answer<'/audit'>['items'][number];

/** The filters of `GET /audit`, which are also those of the page's address. */
const FILTERS = ['since', 'until', 'fqdn', 'type', 'severity'] as const;
export type Selection = { readonly [Filter in (typeof FILTERS)[number]]?: string };

/** The filters that an address has; others in it are none of ours. */
export function selectionOf(address: URLSearchParams): Selection {
  return Object.fromEntries(
    FILTERS.map((name) => [name, address.get(name)?.trim() ?? '']).filter(
      ([, value]) => value !== '',
    ),
  );
}

export function isEmpty(selection: Selection): boolean {
  return Object.keys(selection).length === 0;
}

/** Where the whole selection is downloaded from. */
export function downloadOf(selection: Selection, format: 'csv' | 'jsonl'): string {
  return `/api/v1/audit?${new URLSearchParams({ ...(selection as Record<string, string>), format })}`;
}

/**
 * The rows of the newest page that are not shown yet. A row can appear behind one that is already shown, so ids are compared, not
 * places.
 */
export function newRows(
  newest: readonly AuditRow[],
  shown: readonly AuditRow[],
): readonly AuditRow[] {
  const known = new Set(shown.map(({ audit_log_id }) => audit_log_id));
  const oldest = shown.at(-1);
  return newest.filter(
    ({ audit_log_id }) =>
      !known.has(audit_log_id) && (!oldest || isAfter(audit_log_id, oldest.audit_log_id)),
  );
}

/** Whether rows are missing between the newest ones and those that are shown. */
export function hasGap(newest: readonly AuditRow[], shown: readonly AuditRow[]): boolean {
  if (shown.length === 0) return false;
  const known = new Set(shown.map(({ audit_log_id }) => audit_log_id));
  return newest.length > 0 && !newest.some(({ audit_log_id }) => known.has(audit_log_id));
}

/** Both in one list, the newest first. */
export function together(
  fresh: readonly AuditRow[],
  shown: readonly AuditRow[],
): readonly AuditRow[] {
  return fresh.length === 0
    ? shown
    : [...fresh, ...shown].sort((a, b) => (isAfter(a.audit_log_id, b.audit_log_id) ? -1 : 1));
}

/** Ids are bigints, as text. */
function isAfter(id: string, other: string): boolean {
  return BigInt(id) > BigInt(other);
}
