import { describe } from '@backup-awareness/contracts/plain';
import type { Command, Option } from 'commander';
import { WrongUse } from '../../output/failure.js';
import { suggestion } from '../../words/nearest-name.js';

/** Makes a command, and those below it, refuse an option whose value is given twice, and a value that is not among its choices. */
export function expectOptions(command: Command): void {
  for (const option of command.options)
    if ((option.required || option.optional) && !option.variadic) check(option, command);
  command.commands.forEach(expectOptions);
}

function check(option: Option, command: Command): void {
  const { parseArg, argChoices, long: name } = option;
  option.argParser((value, previous) => {
    // Not by the previous value, which may be a default.
    if (command.getOptionValueSource(option.attributeName()) === 'cli')
      throw new WrongUse(`${name}: expected once, got more than once`);
    if (!argChoices) return parseArg ? parseArg(value, previous) : value;
    if (argChoices.includes(value)) return value;
    throw new WrongUse(
      `${name}: expected one of ${argChoices.join(', ')}, got ${describe(value)}${suggestion(value, argChoices)}`,
    );
  });
}
