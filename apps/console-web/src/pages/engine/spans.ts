/** How many days of an engine can be looked at. */
export const SPANS_DAYS = [7, 30, 90] as const;
