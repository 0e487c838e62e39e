/** SQL for whether people are not told of an `alert`: somebody has dismissed it. A dismissal that ends would be compared with its end here. */
export const IS_HIDDEN =
  'EXISTS (SELECT FROM alert_dismissal WHERE alert_dismissal.alert_id = alert.alert_id)';
