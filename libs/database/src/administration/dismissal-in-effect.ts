/**
 * SQL that joins `alert` with its dismissal while that is in effect: until its end, if it has one. Of a cleared alert, it is in effect if it
 * was when the alert was cleared.
 *
 * @param now SQL for the present
 */
export function joinDismissal(now = 'statement_timestamp()'): string {
  return `LEFT JOIN LATERAL (
    SELECT dismissed_at, dismissed_by, dismissed_until, dismissal_comment FROM alert_dismissal
    WHERE alert_dismissal.alert_id = alert.alert_id AND (dismissed_until IS NULL OR dismissed_until > coalesce(alert.cleared_at, ${now}))
  ) dismissal ON true`;
}
