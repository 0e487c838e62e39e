import { callable, type DescribedCommand, type DescribedOption } from './describe-program.js';

/** The manual page of the program in section 1, as source for man. */
export function manualPage(program: DescribedCommand, version: string): string {
  const global = program.options.filter(({ isGlobal }) => isGlobal);
  return [
    `.TH BACKUP\\-AWARENESS 1 "" "Backup Awareness ${roff(version)}" "User Commands"`,
    '.SH NAME',
    `backup\\-awareness \\- ${roff(program.description.replace(/\.$/, '').replace(/^T/, 't'))}`,
    '.SH SYNOPSIS',
    '.B backup\\-awareness',
    '.I COMMAND',
    '.RI [ OPTION ...]',
    '.SH DESCRIPTION',
    ...notesLines(program.notes, '.SH'),
    '.SH OPTIONS',
    'Every command takes these.',
    ...global.flatMap(optionLines),
    '.SH COMMANDS',
    ...callable(program).flatMap(commandLines),
    '.SH SEE ALSO',
    '.BR engine\\-backup\\-shim (8)',
    '',
  ].join('\n');
}

function commandLines(command: DescribedCommand): string[] {
  const { path, description, options, notes } = command;
  const usage = command.arguments.map((one) => one.usage);
  const own = options.filter(({ isGlobal, names }) => !isGlobal && !names.includes('--help'));
  return [
    `.SS "${roff([...path, ...usage].join(' '))}"`,
    `${sentence(description)}`,
    ...command.arguments
      .filter((argument) => argument.description !== '')
      .flatMap((argument) => ['.TP', `.I ${roff(argument.name)}`, sentence(argument.description)]),
    ...own.flatMap(optionLines),
    ...(notes.length > 0 ? ['.PP', ...notesLines(notes, undefined)] : []),
  ];
}

function optionLines({ flags, description, isRequired }: DescribedOption): string[] {
  return [
    '.TP',
    `.B "${roff(flags)}"`,
    sentence(isRequired ? `required: ${description}` : description),
  ];
}

const TITLE = /^(\S.*):$/;
const ITEM = /^ {2}(\S.*?) {2,}(\S.*)$/;

/**
 * Notes in paragraphs: one for each line. A line that ends with a colon is a title, made with `titled` where it is given; an indented line
 * is an item with its explanation, or else an example.
 */
function notesLines(notes: readonly string[], titled: '.SH' | undefined): string[] {
  return notes.flatMap((line) => {
    const [, title] = TITLE.exec(line) ?? [];
    if (title !== undefined)
      return titled ? [`${titled} ${roff(title.toUpperCase())}`] : ['.PP', `${roff(title)}:`];
    const [, term, text] = ITEM.exec(line) ?? [];
    if (term !== undefined && text !== undefined) return ['.TP', `.B "${roff(term)}"`, roff(text)];
    if (line.startsWith('  ')) return ['.RS 4', '.nf', roff(line.trim()), '.fi', '.RE'];
    return line === '' ? [] : ['.PP', roff(line)];
  });
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return roff(/[.!?)]$/.test(capital) ? capital : `${capital}.`);
}

/** A text that man shows as it is. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('…', '\\&...')
    .replace(/^\./, '\\&.');
}
