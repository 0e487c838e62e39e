import { z } from 'zod';
import type { ListedReport } from '../state/engine-reports.js';
import { reportStatusSchema } from './engine.js';
import { instant } from './fields.js';

const listedReportSchema = z
  .strictObject({
    event_id: z.string(),
    run_id: z.string().nullable(),
    scope: z.string(),
    status: reportStatusSchema,
    /** By the host's clock, of the run of this report; null where that is unknown. */
    started_at: instant.nullable(),
    /** By the host's clock; null while no end of the run is known. */
    finished_at: instant.nullable(),
    /** Null unless both are known, and in order. */
    duration_seconds: z.number().nullable(),
    done_at: instant,
    received_at: instant,
    counted_at: instant,
    /** Which instant counts: the earliest of done_at, received_at, and the receipt minus the report's age by the sender's clock. */
    counted_by: z.enum(['done_at', 'received_at', 'sender_clock']),
    /** The broker user; null if it was not verified. */
    reported_by: z.string().nullable(),
    log_path: z.string(),
    output_message: z.string(),
  })
  .meta({ id: 'Report' });

/** `GET /engines/{fqdn}/reports`. */
export const engineReportsSchema = z
  .strictObject({
    items: z.array(listedReportSchema),
    /** For `cursor` of the next page; null on the last one. */
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'ReportsPage' });

export type EngineReportsDocument = z.infer<typeof engineReportsSchema>;

/** @param nextCursor the next page's place as text */
export function engineReportsDocument(
  reports: readonly ListedReport[],
  nextCursor: string | null,
): EngineReportsDocument {
  return engineReportsSchema.parse({
    items: reports.map((report) => ({ ...report, duration_seconds: durationSeconds(report) })),
    next_cursor: nextCursor,
  });
}

function durationSeconds({ started_at: start, finished_at: finish }: ListedReport): number | null {
  if (start === null || finish === null) return null;
  const ms = Date.parse(finish) - Date.parse(start);
  return ms < 0 ? null : ms / 1_000;
}
