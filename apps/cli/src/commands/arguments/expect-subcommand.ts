import type { Command } from 'commander';
import { WrongUse } from '../../output/failure.js';
import { suggestion } from '../../words/nearest-name.js';

/** Makes a group of commands refuse, in one line, a call that names none of them; the program shows its help then. */
export function expectSubcommand(group: Command): void {
  const names = group.commands.map((one) => one.name());
  // Set after its subcommands were added: they would inherit it.
  group
    .usage('[options] <command>')
    .allowExcessArguments()
    .action(() => {
      const [typed] = group.args;
      if (typed === undefined && !group.parent) {
        group.outputHelp();
        throw new WrongUse('missing command');
      }
      const wrong =
        typed === undefined ? 'missing command' : `unknown command ${JSON.stringify(typed)}`;
      const near = typed === undefined ? '' : suggestion(typed, names);
      const where = group.parent ? `${group.name()}: ` : '';
      throw new WrongUse(
        `${where}${wrong}; valid commands: ${names.join(', ')}${near || ` (see ${pathOf(group)} --help)`}`,
      );
    });
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
