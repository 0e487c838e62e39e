import { ensureDatabaseReady, findBadge } from '@backup-awareness/database';
import { judgeFleet } from '@backup-awareness/overview/judgement';
import {
  readFleetState,
  readProductState,
  type FleetState,
} from '@backup-awareness/overview/state';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import type { ErrorHandler } from '../access/sign-in.js';
import { readSnapshot } from '../endpoints/read-snapshot.js';
import { Problem } from '../http/problem.js';
import { badgeSvg, type BadgeState } from './badge-svg.js';

const FILE = /^([\w-]{43})\.svg$/;

/** Badges, for anybody who knows the address of one. */
export function serveBadges(
  server: FastifyInstance,
  db: DataSource,
  errorHandler: ErrorHandler,
): void {
  server.get<{ Params: { file: string } }>(
    '/badge/:file',
    { errorHandler: errorHandler as never },
    async ({ params: { file } }, reply) => {
      if (!db.isInitialized) await ensureDatabaseReady(db);
      const secret = FILE.exec(file)?.[1];
      const badge = secret === undefined ? undefined : await findBadge(db, secret);
      const fleet = badge && (await readSnapshot(db, (sql) => readAbout(sql, badge.fqdn)));
      const state = fleet && badgeState(fleet);
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

function readAbout(sql: Parameters<typeof readFleetState>[0], fqdn: string | null) {
  return fqdn === null ? readFleetState(sql) : readProductState(sql, fqdn);
}

/** The worst of the monitored engines: none has a full backup, one is too old, or something is not known. Undefined without engines. */
export function badgeState(fleet: FleetState): BadgeState | undefined {
  const { counts, doubts } = judgeFleet(fleet);
  if (counts.watched === 0) return undefined;
  if (counts.no_full_backup > 0) return 'down';
  if (counts.too_old > 0) return 'late';
  return doubts.length === 0 && counts.fresh === counts.watched ? 'up' : 'unknown';
}
