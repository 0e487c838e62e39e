import { ensureDatabaseReady, findBadge } from '@backup-awareness/database';
import { judgeFleet } from '@backup-awareness/overview/judgement';
import type { FleetState } from '@backup-awareness/overview/state';
import type { Reachability } from '@backup-awareness/overview/surroundings';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import type { Access } from '../access/identify.js';
import type { ErrorHandler } from '../access/sign-in.js';
import { readFleet } from '../endpoints/read-fleet.js';
import { Problem } from '../http/problem.js';
import { badgeSvg, type BadgeState } from './badge-svg.js';

const FILE = /^([\w-]{43})\.svg$/;

/** Badges, for anybody who knows the address of one. */
export function serveBadges(
  server: FastifyInstance,
  { db, broker }: Pick<Access, 'db' | 'broker'>,
  errorHandler: ErrorHandler,
): void {
  server.get<{ Params: { file: string } }>(
    '/badge/:file',
    { errorHandler: errorHandler as never },
    async ({ params: { file } }, reply) => {
      if (!db.isInitialized) await ensureDatabaseReady(db);
      const secret = FILE.exec(file)?.[1];
      const badge = secret === undefined ? undefined : await findBadge(db, secret);
      const state = badge && badgeState(aboutOne(await recentFleet(db), badge.fqdn), broker());
      if (!state) throw new Problem(404, 'there is no such badge');
      return (
        reply
          .type('image/svg+xml')
          .header('cache-control', 'no-cache')
          // Badges are shown on pages of other sites.
          .header('cross-origin-resource-policy', 'cross-origin')
          .send(badgeSvg(state))
      );
    },
  );
}

/** So old may a badge be. */
const KEPT_MS = 5_000;

const recent = new WeakMap<
  DataSource,
  { readonly at: number; readonly fleet: Promise<FleetState> }
>();

/** Shared by all who look at badges: anybody may, as often as they like. */
async function recentFleet(db: DataSource): Promise<FleetState> {
  const known = recent.get(db);
  if (known && performance.now() - known.at <= KEPT_MS) return known.fleet;
  const fleet = readFleet(db);
  recent.set(db, { at: performance.now(), fleet });
  // What failed is tried again by who asks next.
  fleet.catch(() => recent.delete(db));
  return fleet;
}

/** @param fqdn null: all engines */
function aboutOne(fleet: FleetState, fqdn: string | null): FleetState {
  if (fqdn === null) return fleet;
  return { ...fleet, engines: fleet.engines.filter((engine) => engine.fqdn === fqdn) };
}

/** The worst of the monitored engines: none has a full backup, one is too old, or something is not known. Undefined without engines. */
export function badgeState(fleet: FleetState, broker?: Reachability): BadgeState | undefined {
  const { counts, doubts } = judgeFleet(fleet, broker);
  if (counts.watched === 0) return undefined;
  if (counts.no_full_backup > 0) return 'down';
  if (counts.too_old > 0) return 'late';
  return doubts.length === 0 && counts.fresh === counts.watched ? 'up' : 'unknown';
}
