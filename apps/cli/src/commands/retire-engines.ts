import { describe } from '@backup-awareness/contracts/plain';
import type { EngineRetirement } from '@backup-awareness/database';
import type { Command } from 'commander';
import { BY_OPTION, type ChangeOptions, type CommandContext } from './arguments/command-context.js';
import { administer } from '../installation/database-session.js';
import { WrongUse } from '../output/failure.js';
import { findInstallation, requireDatabase } from '../installation/find-installation.js';
import { findBrokerUsers } from '../installation/broker-users.js';
import { removeHostUser } from '../installation/host-user.js';
import { shownNames } from '../output/shown-names.js';
import { MANAGEMENT_OPTION } from '../installation/management.js';
import { whoIs } from '../installation/who.js';
import { count } from '@backup-awareness/overview/words';
import { unknownEngine } from '../words/unknown-engine.js';
import { requireFqdn } from './arguments/fqdn.js';

interface RetireOptions extends ChangeOptions {
  readonly managementUrl?: string;
  readonly preview?: boolean;
}

const SHOWN = 20;

export function addRetireCommand(group: Command, context: CommandContext): void {
  group
    .command('retire')
    .description(
      'stop monitoring engines: their alerts are cleared, new reports are still kept, and broker users that no other engine has are removed',
    )
    .argument('<FQDN...>', 'host names, or patterns of monitored engines with * and ? (in quotes)')
    .option('--preview', 'change nothing; show which engines it would retire, and how many')
    .option(...MANAGEMENT_OPTION)
    .option(...BY_OPTION)
    .action((texts: string[], _options, command: Command) =>
      retire(texts, command.optsWithGlobals(), context),
    );
}

/** The engines that the arguments select. */
interface Selected {
  /** To retire now. */
  readonly monitored: readonly string[];
  readonly alreadyRetired: readonly string[];
  /** Broker users that no other engine needs. */
  readonly brokerUsers: readonly string[];
}

async function retire(
  texts: readonly string[],
  options: RetireOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const patterns = texts.filter((text) => /[*?]/.test(text));
  const names = texts.filter((text) => !patterns.includes(text)).map((text) => requireFqdn(text));
  const who = whoIs(environment, options.by);
  const url = requireDatabase(findInstallation(environment));
  const isPreview = options.preview === true;
  const { monitored, alreadyRetired, brokerUsers } = await administer(
    url,
    async ({ database, dataSource }) => {
      const { fqdns, unmatched } = await database.selectEngines(dataSource, patterns);
      if (unmatched.length > 0)
        throw new WrongUse(
          `no monitored engine matches ${unmatched.map(describe).join(', ')} (backup-awareness engines list shows all)`,
        );
      const all = [...new Set([...names, ...fqdns])];
      const known = new Map(
        (await database.listEngines(dataSource)).map((engine) => [engine.fqdn, engine]),
      );
      const unknown = all.find((fqdn) => !known.has(fqdn));
      if (unknown !== undefined) throw await unknownEngine(dataSource, unknown);
      const selected: Selected = {
        monitored: all.filter((fqdn) => known.get(fqdn)!.retiredAt === null),
        alreadyRetired: all.filter((fqdn) => known.get(fqdn)!.retiredAt !== null),
        brokerUsers: await database.readBrokerUsersOnlyOf(dataSource, all),
      };
      if (isPreview) return selected;
      // First, so that none is left over. The engine keeps the name: while it is retired no other user may report about it.
      for (const name of selected.brokerUsers)
        await removeHostUser(findBrokerUsers(environment, options.managementUrl), name);
      const made = await database.retireEngines(dataSource, { fqdns: all, who });
      return { ...selected, monitored: namesOf(made, 'retired') };
    },
  );
  if (options.json) {
    const [fqdn] = names;
    const isOneName = texts.length === 1 && fqdn !== undefined && !isPreview;
    const outcome = monitored.length > 0 ? 'retired' : 'already_retired';
    return out.json(
      isOneName
        ? { outcome, fqdn }
        : {
            preview: isPreview,
            count: monitored.length,
            engines: monitored,
            already_retired: alreadyRetired,
            broker_users: brokerUsers,
          },
    );
  }
  for (const line of retirementLines({ monitored, alreadyRetired, brokerUsers }, isPreview))
    out.line(line);
}

function namesOf(made: readonly EngineRetirement[], outcome: EngineRetirement['outcome']) {
  return made.filter((one) => one.outcome === outcome).map(({ fqdn }) => fqdn);
}

function retirementLines(
  { monitored, alreadyRetired, brokerUsers }: Selected,
  isPreview: boolean,
): string[] {
  const lines: string[] = [];
  const [only] = monitored;
  if (isPreview) lines.push(`This would retire ${count(monitored.length, 'engine')}:`);
  else if (monitored.length > 1) lines.push(`Retired ${count(monitored.length, 'engine')}:`);
  if (isPreview || monitored.length > 1) lines.push(...shownNames(monitored));
  else if (only !== undefined)
    lines.push(`${only} is retired. Its reports are still kept; engines add resumes monitoring.`);
  for (const fqdn of alreadyRetired.slice(0, SHOWN)) lines.push(`${fqdn} is already retired.`);
  for (const name of brokerUsers)
    lines.push(
      isPreview
        ? `The broker user ${name} would be removed.`
        : `Its broker user ${name} is removed.`,
    );
  if (isPreview) lines.push('Nothing was changed.');
  return lines;
}
