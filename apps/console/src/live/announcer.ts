import type { Hint } from './hint.js';
import { RESYNC, type LiveEvent } from './live-event.js';
import type { Visibility } from './visible-hints.js';

export interface AnnouncerOptions {
  readonly look: (hints: readonly Hint[]) => Promise<Visibility[]>;
  readonly announce: (event: LiveEvent) => void;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

interface Pending {
  readonly hint: Hint;
  readonly since: number;
  storedSince: number | undefined;
  isAnnounced: boolean;
  lookAt: number;
  waitMs: number;
}

interface Marker {
  readonly read: () => Hint | undefined;
  readonly since: number;
}

const FIRST_LOOK_MS = 30;
const LOOK_AGAIN_MAX_MS = 5_000;
/** An event that is stored waits this long for its row in the audit log, so that it is mostly announced once. */
const AWAIT_AUDIT_MS = 300;
/** What is not stored by then is a dead letter, or belongs to a backlog. */
const PENDING_MS = 60_000;
const PENDING_MAX = 5_000;
const LOOKED_AT_ONCE = 500;
/** How many hints a second are followed one by one. */
const HINTS_PER_SECOND = 100;
const MARKER_LOOK_MS = 1_000;
const MARKER_MS = 3_600_000;

/**
 * Announces what was published as soon as it can be fetched, since the broker is faster than the services that store it.
 *
 * Memory and work are bounded: of more hints than it can follow only the oldest and the latest are kept. When one can be fetched, so can
 * those before it (queues are in order), and a `resync` is announced; so that goes on under a load that does not end.
 */
export class Announcer {
  private pending: Pending[] = [];
  /** Of the hints that are not followed by themselves: the oldest that is not settled, and the latest. */
  private markers: readonly Marker[] = [];
  private lookForMarkersAt = 0;
  private second = { began: -Infinity, count: 0 };
  private readonly now: () => number;

  constructor(private readonly options: AnnouncerOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  /** Whether there is nothing to look for. */
  get isIdle(): boolean {
    return this.pending.length === 0 && this.markers.length === 0;
  }

  /**
   * Takes note of a message.
   *
   * @param read what it hints at, if it counts; called later, or not at all, when there are too many
   * @param isOfMany whether only some of its kind are followed; it takes no place from the others
   */
  add(read: () => Hint | undefined, isOfMany = true): void {
    const now = this.now();
    if (now - this.second.began >= 1_000) this.second = { began: now, count: 0 };
    if (isOfMany) this.second.count++;
    const isTooMuch = isOfMany && this.second.count > HINTS_PER_SECOND;
    if (isTooMuch || this.pending.length >= PENDING_MAX) return this.mark(read);
    const hint = read();
    if (!hint) return;
    this.pending.push({
      hint,
      since: now,
      storedSince: undefined,
      isAnnounced: false,
      lookAt: now + FIRST_LOOK_MS,
      waitMs: FIRST_LOOK_MS,
    });
  }

  clear(): void {
    this.pending = [];
    this.markers = [];
  }

  /** Looks for what is due. @throws what `look` throws; everything is then looked for again */
  async look(): Promise<void> {
    await this.lookForMarkers();
    const now = this.now();
    const due = this.pending.filter(({ lookAt }) => lookAt <= now).slice(0, LOOKED_AT_ONCE);
    if (due.length === 0) return;
    const found = await this.options.look(due.map(({ hint }) => hint));
    const done = new Set(due.filter((one, index) => this.settle(one, found[index]!)));
    this.pending = this.pending.filter((one) => !done.has(one));
  }

  /** @returns whether it is done with */
  private settle(one: Pending, { isStored, isAudited }: Visibility): boolean {
    const now = this.now();
    if (isStored) {
      one.storedSince ??= now;
      if (isAudited || (!one.isAnnounced && now - one.storedSince >= AWAIT_AUDIT_MS)) {
        one.isAnnounced = true;
        this.options.announce(one.hint.announce(isAudited));
      }
      if (isAudited) return true;
    }
    if (now - one.since >= PENDING_MS) {
      // A later one has a better claim.
      if (this.markers.length === 0) this.mark(() => one.hint);
      return true;
    }
    one.waitMs = Math.min(
      one.waitMs * 1.5,
      isStored && !one.isAnnounced ? AWAIT_AUDIT_MS : LOOK_AGAIN_MAX_MS,
    );
    one.lookAt = now + one.waitMs;
    return false;
  }

  private mark(read: () => Hint | undefined): void {
    const now = this.now();
    const [oldest] = this.markers;
    if (!oldest) this.lookForMarkersAt = now + MARKER_LOOK_MS;
    this.markers = [...(oldest ? [oldest] : []), { read, since: now }];
  }

  private async lookForMarkers(): Promise<void> {
    const [oldest, latest = oldest] = this.markers;
    const now = this.now();
    if (!oldest || !latest || this.lookForMarkersAt > now) return;
    this.lookForMarkersAt = now + MARKER_LOOK_MS;
    const settled = new Set<Marker>();
    if (await this.canBeFetched(latest)) settled.add(oldest).add(latest);
    else if (oldest === latest ? now - oldest.since > MARKER_MS : await this.isOver(oldest, now))
      settled.add(oldest);
    if (settled.size === 0) return;
    // A later one may have come meanwhile.
    this.markers = this.markers.filter((marker) => !settled.has(marker));
    this.options.announce(RESYNC);
  }

  /** What can never be fetched, such as a dead letter, must not hide what came after it. */
  private async isOver(marker: Marker, now: number): Promise<boolean> {
    return now - marker.since > PENDING_MS || this.canBeFetched(marker);
  }

  private async canBeFetched({ read }: Marker): Promise<boolean> {
    const hint = read();
    const [found] = hint ? await this.options.look([hint]) : [];
    return !found || (found.isStored && found.isAudited);
  }
}
