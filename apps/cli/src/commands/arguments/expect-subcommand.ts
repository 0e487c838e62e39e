import type { Command } from 'commander';
import { WrongUse } from '../../output/failure.js';
import { suggestion } from '../../words/nearest-name.js';

/** Has a command that only holds others refused, in one line, where none of them is named. */
export function expectSubcommand(group: Command): void {
  const names = group.commands.map((one) => one.name());
  // Its subcommands inherit this when they are added: it has to be said afterwards.
  group
    .usage('[options] <command>')
    .allowExcessArguments()
    .action(() => {
      const [typed] = group.args;
      const got = typed === undefined ? 'none' : JSON.stringify(typed);
      const near = typed === undefined ? '' : suggestion(typed, names);
      const where = group.parent ? `${group.name()}: ` : '';
      throw new WrongUse(
        `${where}expected a command, which are ${names.join(', ')}; got ${got}${near || ` (see ${pathOf(group)} --help)`}`,
      );
    });
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
