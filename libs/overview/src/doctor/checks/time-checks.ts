import { isSettingName, SETTINGS } from '@backup-awareness/contracts/plain';
import { CLOCK_TOLERANCE_MS, hoursToMs } from '@backup-awareness/freshness';
import { checkFindings, futureFindings, isDisabled } from '../../judgement/judge-product.js';
import { checkTiming } from '../../judgement/check-timing.js';
import { finding } from '../../judgement/findings.js';
import type { ProductState } from '../../state/product-state.js';
import { failed, ok, skipped, warning, type Observation } from '../check.js';
import { fact } from '../facts.js';
import { lookAtClock, type ClockLook } from '../looks/clock-look.js';
import type { Looks } from '../looks/looks.js';
import { command, quoted, type Remedy } from '../remedy.js';

const ACCEPT = 'backup-awareness clock accept --comment TEXT';

/** A difference that is no delay of an answer, and that nobody would call a clock in step. */
const DIFFERENCE_TO_WARN_MS = 5_000;

/** The database's clock is not behind what has been decided, and agrees with this machine's. */
export async function checkClock(looks: Looks): Promise<Observation[]> {
  const [clock, product] = await Promise.all([looks.readDatabase(lookAtClock), looks.product()]);
  return [...decidingClock(product), judgeClock(clock)];
}

function decidingClock(product: ProductState): Observation[] {
  const { time } = product;
  const doubt: Remedy = { kind: 'set_clock', then: ACCEPT };
  const inFuture = futureFindings(product).map((one) => failed(one, doubt));
  if (time.isKnown) return inFuture;
  const { clockAt, latestAt } = time;
  return [failed(finding('clock_behind', {}, { clockAt, latestAt }), doubt), ...inFuture];
}

/** What the difference of two clocks means: nobody can know which of them is right. */
export function judgeClock({ differenceMs, uncertaintyMs }: ClockLook): Observation {
  const atLeastMs = Math.abs(differenceMs) - uncertaintyMs;
  if (atLeastMs <= DIFFERENCE_TO_WARN_MS) return ok(fact('clocks_agree', { differenceMs }));
  const differs = fact('clocks_differ', { differenceMs });
  const judge = atLeastMs > CLOCK_TOLERANCE_MS ? failed : warning;
  return judge(differs, { kind: 'set_clock' });
}

/** Checks are made in time. */
export async function checkLastCheck(looks: Looks): Promise<Observation[]> {
  const product = await looks.product();
  const { settings, now, lastCheck, time } = product;
  if (isDisabled(product))
    return [
      warning(
        finding('disabled', {}, {}),
        command('backup-awareness config -s BackupCheckPeriodInHours=6'),
      ),
    ];
  const findings = checkFindings(product);
  if (findings.length > 0)
    return findings.map((one) =>
      failed(
        one,
        !settings.ok
          ? restoreDefault(settings.invalid.path)
          : { kind: 'start_service', name: 'freshness-checker' },
      ),
    );
  if (!time.isKnown) {
    const behind = finding('clock_behind', {}, { clockAt: time.clockAt, latestAt: time.latestAt });
    return [skipped(behind, { kind: 'see_check', check: 'clock' })];
  }
  const periodHours = settings.ok ? settings.value.checkPeriodHours : null;
  const timing = checkTiming(now, lastCheck?.at ?? null, hoursToMs(periodHours ?? 0));
  const nextCheckAt = 'nextCheckAt' in timing ? timing.nextCheckAt : now;
  return [ok(fact('check_in_time', {}, { lastCheckAt: lastCheck?.at ?? now, nextCheckAt }))];
}

function restoreDefault(setting: string): Remedy {
  const value = isSettingName(setting) ? SETTINGS[setting].defaultValue : 'VALUE';
  return command('backup-awareness config -s', quoted(`${setting}=${value}`));
}
