/** Words that several pages share. */
export const common = {
  product: 'Backup Awareness',
  verdict: {
    fresh: 'Fresh',
    too_old: 'Too old',
    no_full_backup: 'No full backup',
    unknown: 'Unknown',
    retired: 'Retired',
  },
  loading: 'Loading',
  tryAgain: 'Try again',
  expectedAndGot: (expected: string, got: string) => `Expected ${expected}; got ${got}.`,
  failedToLoad: 'This could not be loaded',
  notReached: 'The console does not answer. It is asked again by itself.',
  notUpToDate: 'What is shown may be out of date',
  copy: 'Copy',
  copied: 'Copied',
  cancel: 'Cancel',
  more: 'Show more',
  changed: (count: number) => `${count} changed — show`,
  inZone: (zone: string) => `In your time zone, ${zone}.`,
  unknown: 'unknown',
  /** What stands before a title for who hears it, where its icon is none of success, warning or error. */
  notKnownAlert: 'Unknown:',
} as const;
