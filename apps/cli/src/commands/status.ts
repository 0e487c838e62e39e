import { describe } from '@backup-awareness/contracts/plain';
import { durationInWords, hoursToMs } from '@backup-awareness/freshness';
import type { StatusSentences } from '@backup-awareness/overview/documents';
import {
  checkTiming,
  failingDestinations,
  fillingQueues,
  unservedDestinations,
  type ProductView,
} from '@backup-awareness/overview/judgement';
import {
  isAboutRun,
  type EngineSituation,
  type ProductState,
} from '@backup-awareness/overview/state';
import type { BrokerView } from '@backup-awareness/overview/surroundings';
import type { Command } from 'commander';
import { viewProduct } from '../installation/view-product.js';
import { WrongUse } from '../output/failure.js';
import type { Output } from '../output/output.js';
import { showError } from '../output/show-error.js';
import type { Cell } from '../output/table.js';
import { untilInterrupted } from '../output/until-interrupted.js';
import { watch, watchDocuments } from '../output/watch.js';
import {
  alertsInWords,
  daysInWords,
  freshnessInWords,
  lastFullBackupInWords,
  maximumAgeInWords,
} from '../words/engine-in-words.js';
import { excludeModeWarning } from '../words/exclude-mode-warning.js';
import {
  clockBehindInWords,
  findingsInWords,
  queueFillingInWords,
  unreadableSettingInWords,
} from '../words/findings-in-words.js';
import { localTime, localTimeAndDistance } from '../words/local-time.js';
import {
  brokerUnreachableInWords,
  topologyInWords,
  unreadyInWords,
} from '../words/surroundings-in-words.js';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';

const SECONDS_DEFAULT = 5;
const SECONDS_MAX = 86_400;

interface StatusOptions extends GlobalOptions {
  /** True: without a number. */
  readonly watch?: string | true;
}

export function addStatusCommand(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('show the state of engines, checks, services, outbox and broker')
    .option(
      '--watch [SECONDS]',
      `show it again every so many seconds (default ${SECONDS_DEFAULT}), until Ctrl-C`,
    )
    .addHelpText(
      'after',
      '\n--watch repaints a terminal; elsewhere one block follows the other, or with --json one document per line. While the database cannot be reached it says so, and tries again.',
    )
    .action((_options, command: Command) => status(command.optsWithGlobals(), context));
}

async function status(
  { json, watch: every }: StatusOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const read = () => viewProduct(environment);
  // The schemas are loaded only for --json.
  const documents = json ? await import('@backup-awareness/overview/documents') : undefined;
  const documentOf = (view: ProductView) => documents!.statusDocument(view, sentencesOf(view));
  if (every !== undefined) {
    const seconds = readSeconds(every);
    const readDocument = async () => documentOf(await read());
    return untilInterrupted(
      json
        ? watchDocuments({ seconds, read: readDocument }, out, showError)
        : watch({ seconds, read, show }, out),
    );
  }
  const view = await read();
  if (json) out.json(documentOf(view));
  else show(view, out);
}

function readSeconds(text: string | true): number {
  if (text === true) return SECONDS_DEFAULT;
  const seconds = Number(text);
  if (/^\d{1,5}(\.\d{1,3})?$/.test(text) && seconds >= 1 && seconds <= SECONDS_MAX) return seconds;
  throw new WrongUse(
    `--watch: expected a number of seconds from 1 to ${SECONDS_MAX}, got ${describe(text)}`,
  );
}

function show({ product, broker, services, topology }: ProductView, out: Output): void {
  out.rows([
    ...checkRows(product),
    ...excludeModeRows(product),
    ...(services ?? []).map(({ name, unready }, index): Cell[] => [
      index === 0 ? 'Services' : '',
      unready
        ? { text: `${name} is not ready: ${unreadyInWords(unready)}`, style: 'red' }
        : `${name} is ready`,
    ]),
    ['Outbox', outboxCell(product)],
    ...restoredRows(product),
    ...notificationRows(product),
    ...brokerRows(broker),
    ...(topology ? topologyInWords(topology) : []).map((text, i): Cell[] => [
      i === 0 ? 'Topology' : '',
      { text, style: 'red' },
    ]),
    ...fullQueues(broker).map((text): Cell[] => ['', { text, style: 'yellow' }]),
  ]);
  out.line();
  engineTable(product, out);
  failedRunTable(product, out);
}

function sentencesOf({ broker, services, topology }: ProductView): StatusSentences {
  return {
    broker: broker && !broker.isReachable ? brokerUnreachableInWords(broker) : null,
    services: Object.fromEntries(
      (services ?? []).map(({ name, unready }) => [name, unready && unreadyInWords(unready)]),
    ),
    topology: topology ? topologyInWords(topology) : null,
  };
}

function fullQueues(broker: BrokerView | undefined): string[] {
  return broker?.isReachable ? fillingQueues(broker.depths).map(queueFillingInWords) : [];
}

function excludeModeRows({ excludeMode }: ProductState): Cell[][] {
  const text = excludeModeWarning(excludeMode);
  return text === undefined ? [] : [['Settings', { text, style: 'yellow' }]];
}

function checkRows({ settings, now, lastCheck, time }: ProductState): Cell[][] {
  if (!time.isKnown) return [['Checks', { text: clockBehindInWords(time), style: 'red' }]];
  if (!settings.ok) {
    const text = unreadableSettingInWords(settings.invalid.reason);
    return [['Checks', { text, style: 'red' }]];
  }
  const { checkPeriodHours, alertPeriodDays } = settings.value;
  const periodMs = checkPeriodHours === null ? null : hoursToMs(checkPeriodHours);
  const period =
    periodMs === null
      ? ({ text: 'disabled (BackupCheckPeriodInHours is -1)', style: 'yellow' } as const)
      : `every ${durationInWords(periodMs)}; maximum age of a full backup: ${daysInWords(alertPeriodDays)}`;
  const last = lastCheck
    ? `${localTimeAndDistance(lastCheck.at, now)}: ${counted(lastCheck.engines, 'engine')}, ${counted(lastCheck.raised, 'alert')} raised, ${lastCheck.cleared || 'none'} cleared`
    : 'never';
  return [
    ['Checks', period],
    ['Last check', last],
    ['Next check', nextCheckCell(now, lastCheck?.at ?? null, periodMs)],
  ];
}

function nextCheckCell(now: number, lastCheckAt: number | null, periodMs: number | null): Cell {
  const timing = checkTiming(now, lastCheckAt, periodMs);
  switch (timing.kind) {
    case 'disabled':
      return 'none';
    case 'never_checked':
      return { text: 'as soon as a checker runs', style: 'yellow' };
    case 'overdue':
      return {
        text: `overdue since ${localTimeAndDistance(timing.nextCheckAt, now)}`,
        style: 'red',
      };
    case 'in_time':
      return localTimeAndDistance(timing.nextCheckAt, now);
  }
}

/** `no events`, `1 event`, `2 events`. */
function counted(count: number, what: string): string {
  return `${count || 'no'} ${what}${count === 1 ? '' : 's'}`;
}

function outboxCell({ outbox }: ProductState): Cell {
  const { waiting, setAside } = outbox;
  const text = `${counted(waiting, 'event')} pending, ${setAside} set aside`;
  return setAside > 0 ? { text, style: 'red' } : text;
}

/** As long as it is there: what is missing since then stays missing. */
function restoredRows({ restored }: ProductState): Cell[][] {
  if (restored === null) return [];
  const copy = restored.copiedAt === null ? 'a copy' : `a copy of ${localTime(restored.copiedAt)}`;
  const text = `restored from ${copy}, noticed at ${localTime(restored.at)}: what was stored in between is missing`;
  return [['Database', { text, style: 'yellow' }]];
}

function notificationRows(product: ProductState): Cell[][] {
  const { undelivered, now } = product;
  const texts = [
    ...findingsInWords([...unservedDestinations(product), ...failingDestinations(product)], now),
    ...(undelivered > 0
      ? [`dead letters: ${counted(undelivered, 'event')} that could not be delivered`]
      : []),
  ];
  return texts.map((text, i) => [i === 0 ? 'Notifications' : '', { text, style: 'yellow' }]);
}

function brokerRows(broker: BrokerView | undefined): Cell[][] {
  if (!broker) return [['Broker', 'not configured (set AMQP_URL)']];
  if (!broker.isReachable)
    return [['Broker', { text: brokerUnreachableInWords(broker), style: 'red' }]];
  const { ingest, audit, ingestDead, auditDead, unrouted } = broker.depths;
  const shown = (depth: number | null) => (depth === null ? 'no queue' : String(depth));
  const dead = (ingestDead ?? 0) + (auditDead ?? 0) + (unrouted ?? 0);
  const deadText = `dead letters: ${shown(ingestDead)} of ingest, ${shown(auditDead)} of audit; unrouted: ${shown(unrouted)}`;
  return [
    ['Broker', `waiting: ${shown(ingest)} for ingest, ${shown(audit)} for audit`],
    ['', dead > 0 ? { text: deadText, style: 'yellow' } : deadText],
  ];
}

const FRESHNESS_STYLES = {
  fresh: 'green',
  unknown: 'yellow',
  no_full_backup: 'red',
  too_old: 'red',
} as const;

function engineTable({ engines, now, time }: ProductState, out: Output): void {
  const shown = engines.filter(
    ({ retiredAt, activeAlerts }) => retiredAt === null || activeAlerts.length > 0,
  );
  if (shown.length === 0)
    return out.line('No engine is monitored. Add one: backup-awareness engines add FQDN', 'yellow');
  out.table(
    ['ENGINE', 'LAST FULL BACKUP', 'FRESHNESS', 'MAXIMUM AGE', 'ALERT'],
    shown.map((engine): Cell[] => [
      engine.fqdn,
      lastFullBackupInWords(engine, now),
      {
        text: time.isKnown ? freshnessInWords(engine.freshness, now) : 'unknown',
        style: FRESHNESS_STYLES[engine.freshness?.verdict ?? 'unknown'],
      },
      maximumAgeInWords(engine),
      { text: alertsInWords(engine, now) || 'none', style: alertStyle(engine) },
    ]),
  );
}

function alertStyle({ activeAlerts }: EngineSituation): 'red' | 'yellow' | 'dim' {
  if (activeAlerts.length === 0) return 'dim';
  return activeAlerts.every(isAboutRun) ? 'yellow' : 'red';
}

function failedRunTable({ engines, now }: ProductState, out: Output): void {
  const failed = engines.flatMap(({ retiredAt, failedRuns }) =>
    retiredAt === null ? failedRuns : [],
  );
  if (failed.length === 0) return;
  out.line();
  out.line('Latest run failed', 'bold');
  out.table(
    ['ENGINE', 'SCOPE', 'FAILED AT'],
    failed.map(({ fqdn, scope, failedAt }): Cell[] => [
      fqdn,
      scope,
      localTimeAndDistance(failedAt, now),
    ]),
  );
}
