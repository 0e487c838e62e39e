import type { DescribedCommand, DescribedOption } from './describe-program.js';

/** What a value is completed with, by its name in the help. */
const COMPLETED: Readonly<Record<string, string>> = {
  FQDN: 'engines',
  KEY: 'settings',
  'KEY=VALUE': 'assignments',
  FILE: 'files',
};

/**
 * A script for bash that completes the program's commands, options and choices, and the names of settings and engines. It knows all but
 * the engines, which it asks the program for.
 */
export function bashCompletion(program: DescribedCommand, settings: readonly string[]): string {
  const all = withAllBelow(program);
  return `# bash completion for backup-awareness, printed by: backup-awareness completion bash
_backup_awareness() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' value='' words='' word
  local -i i
  # bash makes three words of --option=value.
  [[ $current == = ]] && current=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == = ]] && continue
    if [[ -n $value ]]; then
      value=''
      continue
    fi
    case "$path $word" in
${all.flatMap(stepsOf).join('\n')}
    esac
  done
  if [[ -z $value ]]; then
    case $path in
${all.map(wordsOf).join('\n')}
    esac
    if [[ $current != -* ]]; then
      case $path in
${all.flatMap(operandOf).join('\n')}
      esac
    fi
  fi
  case $value in
    choices:*) words=\${value#choices:} ;;
    settings | assignments) words='${settings.join(' ')}' ;;
    engines) words=$("\${COMP_WORDS[0]/#'~'/\${HOME-}}" completion engines 2>/dev/null) ;;
    files)
      COMPREPLY=()
      compopt -o default
      return
      ;;
    other) words='' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ $value == assignments ]]; then
    COMPREPLY=("\${COMPREPLY[@]/%/=}")
    compopt -o nospace
  fi
}
complete -F _backup_awareness backup-awareness
`;
}

function withAllBelow(command: DescribedCommand): DescribedCommand[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

/** From a command to those below it, and to the values of its options. */
function stepsOf({ path, commands, options }: DescribedCommand): string[] {
  const here = path.join(' ');
  return [
    ...commands.map((below) => {
      const name = below.path.at(-1)!;
      return `      ${quoted(`${here} ${name}`)}) path=${quoted(below.path.join(' '))} ;;`;
    }),
    ...options
      .filter(({ value }) => value !== undefined)
      .map((option) => {
        const names = option.names.map((name) => quoted(`${here} ${name}`)).join(' | ');
        return `      ${names}) value=${quoted(valueOf(option))} ;;`;
      }),
  ];
}

function valueOf({ value = '', choices }: DescribedOption): string {
  if (choices.length > 0) return `choices:${choices.join(' ')}`;
  return COMPLETED[value] ?? 'other';
}

/** The commands below a command, or else its options. */
function wordsOf({ path, commands, options }: DescribedCommand): string {
  const names = options.flatMap((option) => option.names);
  const words = [...commands.map((below) => below.path.at(-1)!), ...names];
  return `      ${quoted(path.join(' '))}) words=${quoted(words.join(' '))} ;;`;
}

/** What an argument of a command is completed with. */
function operandOf({ path, arguments: all }: DescribedCommand): string[] {
  const completed = all[0] && COMPLETED[all[0].name];
  return completed === undefined
    ? []
    : [`        ${quoted(path.join(' '))}) value=${completed} ;;`];
}

/** Names consist of harmless characters; a quote is none of them. */
function quoted(text: string): string {
  return `'${text}'`;
}
