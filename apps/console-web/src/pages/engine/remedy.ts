import type { components } from '../../api/schema.js';
import { missingScopes, type EngineFacts } from './facts.js';

type Trial = components['schemas']['Session']['trial'] | undefined;

/** Which command helps. */
export type Remedy = 'set_up_host' | 'back_up' | 'back_up_now' | 'accept_clock' | 'resume' | 'none';

/** The command that helps most in the engine's present situation. */
export function remedyOf(facts: EngineFacts): Remedy {
  if (facts.isPast) return 'none';
  switch (facts.verdict) {
    case 'retired':
      return 'resume';
    case 'unknown':
      return facts.reason === 'success_in_future' || facts.reason === 'clock_behind'
        ? 'accept_clock'
        : 'none';
    case 'fresh':
      return 'back_up_now';
    default:
      return missingScopes(facts).length === 2 && facts.latestReports.length === 0
        ? 'set_up_host'
        : 'back_up';
  }
}

/** The command that makes a full backup. Its names are dated: a fixed one would overwrite the previous backup, perhaps the only good one. @param now in milliseconds */
export function backupCommand(now: number): string {
  const stamp = new Date(now).toISOString().slice(0, 19).replace(/\D/g, '');
  return (
    'engine-backup --mode=backup --scope=all ' +
    `--file=/var/lib/ovirt-engine-backup/engine-${stamp}.backup ` +
    `--log=/var/log/ovirt-engine-backup/engine-${stamp}.log`
  );
}

/** The command that reports a trial backup, if it would help this engine; undefined if not. @param trial what the session tells */
export function trialFor(facts: EngineFacts, trial: Trial): string | undefined {
  const isNeeded = ['set_up_host', 'back_up'].includes(remedyOf(facts));
  // Once the engine has a broker user, reports of others are refused.
  const isAccepted = trial?.fqdn === facts.fqdn && facts.brokerUser === null;
  return isNeeded && isAccepted ? trial.command : undefined;
}
