import type { Argument, Command, Option } from 'commander';

/** A command as its help shows it, and those below it. */
export interface DescribedCommand {
  /** Its name after those of the commands above it; empty for the program. */
  readonly path: readonly string[];
  readonly description: string;
  readonly arguments: readonly DescribedArgument[];
  /** Its own, and those that every command takes. */
  readonly options: readonly DescribedOption[];
  /** The text after its options, in lines. */
  readonly notes: readonly string[];
  readonly commands: readonly DescribedCommand[];
}

export interface DescribedArgument {
  readonly name: string;
  /** As in a usage line: `<FQDN...>`. */
  readonly usage: string;
  readonly description: string;
}

export interface DescribedOption {
  readonly flags: string;
  readonly description: string;
  /** `--queue`, and perhaps `-q`. */
  readonly names: readonly string[];
  /** The name of its value; undefined if it has none, or may be without. */
  readonly value: string | undefined;
  readonly choices: readonly string[];
  readonly isRequired: boolean;
  readonly isGlobal: boolean;
}

/** What the program's help says, as data. */
export function describeProgram(program: Command, above: readonly string[] = []): DescribedCommand {
  const help = program.createHelp();
  const path = program.parent ? [...above, program.name()] : [];
  return {
    path,
    description: program.description(),
    arguments: program.registeredArguments.map((argument) => ({
      name: argument.name(),
      usage: usageOf(argument),
      description: argument.description,
    })),
    options: [
      ...help
        .visibleOptions(program)
        .map((option) => describeOption(option, help, !program.parent)),
      ...help.visibleGlobalOptions(program).map((option) => describeOption(option, help, true)),
    ],
    notes: notesOf(program),
    // Without the help command, which every group has.
    commands: help
      .visibleCommands(program)
      .filter((command) => program.commands.includes(command))
      .map((command) => describeProgram(command, path)),
  };
}

/** All commands that can be called, each before those that come after it in the help. */
export function callable(command: DescribedCommand): DescribedCommand[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(callable);
}

function usageOf(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '...' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
}

function describeOption(
  option: Option,
  help: ReturnType<Command['createHelp']>,
  isGlobal: boolean,
): DescribedOption {
  return {
    flags: option.flags,
    description: help.optionDescription(option),
    names: [option.long, option.short].filter((name) => name !== undefined),
    value: option.required ? /<(.+)>/.exec(option.flags)?.[1] : undefined,
    choices: option.argChoices ?? [],
    isRequired: option.mandatory,
    isGlobal,
  };
}

/** What addHelpText has added: the help that is shown, without what the command itself makes of it. */
function notesOf(command: Command): string[] {
  let shown = '';
  command.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp();
  const text = shown.slice(command.helpInformation().length).replace(/^\n+|\n+$/g, '');
  return text === '' ? [] : text.split('\n');
}
