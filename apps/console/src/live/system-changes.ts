import type { SystemDocument } from '@backup-awareness/overview/documents';
import type { LiveEvent } from './live-event.js';

/** What changes all the time without telling anything. */
const VOLATILE: readonly string[] = ['now', 'leader_until', 'seen_at', 'proven_at'];

/** Compares what is read with what was read before. The first reading announces nothing. */
export class SystemChanges {
  private before: { readonly text: string; readonly checkedAt: string | null } | undefined;

  /** @returns what to announce */
  since(document: SystemDocument): LiveEvent[] {
    const text = JSON.stringify(document, (key, value: unknown) =>
      VOLATILE.includes(key) ? undefined : value,
    );
    const { before } = this;
    // While the database does not answer, the last check is the one that was known.
    const checkedAt = document.checker
      ? (document.checker.last_check?.at ?? null)
      : (before?.checkedAt ?? null);
    this.before = { text, checkedAt };
    if (!before) return [];
    return [
      ...(checkedAt === before.checkedAt
        ? []
        : [{ kind: 'check', data: { last_check_at: checkedAt } } as const]),
      ...(text === before.text
        ? []
        : [{ kind: 'system', data: { event: null, in_audit_log: false } } as const]),
    ];
  }
}
