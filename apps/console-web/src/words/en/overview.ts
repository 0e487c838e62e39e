import { formatCount } from '../../time/format.js';

const engines = (count: number) => (count === 1 ? '1 engine' : `${formatCount(count)} engines`);

export const overview = {
  sentence: {
    oneSafe: (fqdn: string) => `${fqdn} is safe.`,
    allSafe: (count: number) => `All ${engines(count)} are safe.`,
    oneAtRisk: (fqdn: string) => `${fqdn} is at risk.`,
    atRisk: (atRisk: number, all: number) =>
      `${formatCount(atRisk)} of ${engines(all)} ${atRisk === 1 ? 'is' : 'are'} at risk`,
    more: (count: number) => `and ${formatCount(count)} more`,
    unknown: 'We do not know.',
    none: 'No engine is monitored yet.',
  },
  word: { safe: 'Safe', risk: 'At risk', unknown: 'Unknown', none: 'Nothing to tell' },
  /** While some engines are unknown, what is known of the others. */
  unknownEngines: (count: number) =>
    count === 1
      ? '1 engine cannot be judged: whether its backup is fresh is unknown.'
      : `${engines(count)} cannot be judged: whether their backups are fresh is unknown.`,
  atRiskKnown: (count: number) =>
    `At least ${engines(count)} ${count === 1 ? 'is' : 'are'} at risk`,
  counts: (tooOld: number, none: number) =>
    [
      ...(none > 0 ? [`${formatCount(none)} without a full backup`] : []),
      ...(tooOld > 0 ? [`${formatCount(tooOld)} too old`] : []),
    ].join(', '),
  ofOne: { too_old: 'Its last full backup is too old.', no_full_backup: 'It has no full backup.' },
  stuck: (count: number) =>
    count === 1
      ? 'One backup does not end.'
      : `${formatCount(count)} engines have a backup that does not end.`,
  nextToTurn: 'Next to turn:',
  nothingTurns: 'No engine is about to turn: none has a fresh full backup.',
  trust: {
    label: 'How we know',
    looked: 'Looked',
    checked: 'Last check',
    next: 'Next check',
    noCheck: 'No check yet',
    noNext: 'No check is due',
    stored: 'Everything received is stored',
    notStored: (count: number) =>
      count === 1 ? '1 message is not stored' : `${formatCount(count)} messages are not stored`,
    waiting: (count: number) =>
      count === 1
        ? '1 message waits to be stored'
        : `${formatCount(count)} messages wait to be stored`,
    deadLetters: (count: number) =>
      count === 1 ? '1 dead letter waits' : `${formatCount(count)} dead letters wait`,
    storedToCome: 'Whether everything is stored: asking',
    storedUnknown: 'Whether everything received is stored is unknown',
  },
  reasonsTitle: 'Why, and what to do',
  warningsTitle: 'What may keep reports or alerts from arriving',
  commandLabel: 'Command',
  begin: {
    title: 'Begin with the first engine',
    text: 'An engine is monitored from its first report on, or as soon as you add it.',
    onHost:
      'On the engine host, have engine-backup report each backup. Give it the broker of your product:',
    install:
      'engine-backup-shim install --broker-url amqps://broker.example.com --broker-user engine1 --broker-password-file engine1.password',
    orAdd: 'Or add it here first; until its first full backup there is an alert for it:',
    add: 'backup-awareness engines add FQDN',
  },
  wall: {
    title: 'All engines',
    label: (count: number) =>
      `${engines(count)}, the worst first. The arrow keys move between them; Enter opens one.`,
    canvas: (count: number) =>
      `A picture of ${engines(count)}, the worst first; the table of engines has the same.`,
    table: 'Show as table',
    legend: 'Letters and filling',
    filling: 'The filling is the age against what is allowed.',
    cell: (fqdn: string, standing: string, share: string | null) =>
      share === null ? `${fqdn}: ${standing}` : `${fqdn}: ${standing}, ${share} of the allowed age`,
    letters: {
      no_full_backup: 'N',
      too_old: 'O',
      unknown: '?',
      stuck: 'S',
      fresh: 'F',
      retired: 'R',
    },
    standings: {
      no_full_backup: 'no full backup',
      too_old: 'too old',
      unknown: 'unknown',
      stuck: 'fresh, but a backup does not end',
      fresh: 'fresh',
      retired: 'retired',
    },
    notKnown: 'unknown at present',
  },
  worst: 'Worst',
  next: 'Next to turn',
  noNext: 'No engine has a fresh full backup.',
  noWorst: 'Every engine is fresh.',
  ranking: {
    never: 'none; added',
    turned: 'too old since',
    turns: 'turns',
    unknown: 'unknown',
    stuck: 'a backup does not end',
  },
  all: 'All engines',
  ages: {
    title: 'Ages against what is allowed',
    text: 'Each bar is a filter of the table of engines.',
    bar: (count: number, from: string, to: string | null) =>
      `${engines(count)} ${to === null ? `of ${from} and more` : `from ${from} to ${to}`} of the allowed age`,
    limit: 'limit',
    withoutAge: (count: number) =>
      `${engines(count)} without a bar: no full backup, or an unknown age.`,
  },
  forecast: {
    title: 'The next 48 hours',
    text: 'Engines that are not fresh, if no further backup arrives.',
    unknown: 'Nothing can be forecast at present.',
    label: (now: number, then: number, until: string) =>
      `Engines that are not fresh: ${formatCount(now)} now, ${formatCount(then)} by ${until}, if no further backup arrives.`,
    steepest: (count: number, at: string) =>
      `Most turn in the hour from ${at}: ${formatCount(count)}.`,
    none: 'No engine turns within 48 hours.',
    now: 'now',
  },
  kiosk: { title: 'Kiosk', open: 'Show on a wall', wall: 'All engines, the worst first' },
} as const;
