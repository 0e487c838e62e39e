/** SQL for whether an `alert` is hidden from people: it was dismissed. If dismissals could expire, this would compare their end. */
export const IS_HIDDEN =
  'EXISTS (SELECT FROM alert_dismissal WHERE alert_dismissal.alert_id = alert.alert_id)';
