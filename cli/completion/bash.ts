import type { CommandSyntax, OptionSyntax, ValueSyntax } from './syntax.ts';
import { withInner } from './syntax.ts';

/**
 * The script for bash. It is a table of all commands with one function that reads the line, so that a press of the key
 * starts no process. It needs nothing of the package bash-completion.
 */
export function bashScript(program: CommandSyntax): string {
  return `# bash completion of steward, as "steward completion bash" prints it.

# What may follow a command: other commands, options, arguments. After a name stands what it takes: "=paths", "=" for what
# is not known, or "=a,b" for one of some words; "+" if several may follow.
_steward_syntax() {
  commands='' options='' arguments=''
  case $1 in
${withInner(program).map(caseOf).join('')}  esac
}

${READING}
complete -o default -F _steward steward
`;
}

function caseOf({ words, commands, options, values }: CommandSyntax): string {
  const parts = [
    ['commands', commands.map((command) => command.words.at(-1) ?? '')],
    ['options', options.flatMap(optionWords)],
    ['arguments', values.map((value) => `${value.name}${taken(value)}`)],
  ] as const;
  const set = parts.flatMap(([name, list]) => (list.length === 0 ? [] : [`${name}='${list.join(' ')}'`]));
  return `    '${words.join(' ')}') ${set.join(' ')} ;;\n`;
}

function optionWords({ names, value }: OptionSyntax): readonly string[] {
  return names.map((name) => `${name}${value === null ? '' : taken(value)}`);
}

function taken({ offer, several }: ValueSyntax): string {
  const words = offer === 'paths' ? 'paths' : offer === 'nothing' ? '' : offer.join(',');
  return `${several ? '+' : ''}=${words}`;
}

/** bash splits words at ":" and "=", so those of s3://bucket and --option=value are joined again first. */
const READING = `# Sets offer to what the option named $1 takes; fails if it takes no value.
_steward_takes() {
  local option
  for option in $options; do
    case $option in
      "$1="*) offer=\${option#*=} several='' && return ;;
      "$1+="*) offer=\${option#*=} several=yes && return ;;
    esac
  done
  return 1
}

_steward() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() word last='' i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((i == COMP_CWORD)); then word=\${line#"\${line%%[![:space:]]*}"}; fi
    if [[ -n $last && -n $word && $line == "$word"* && ($word == [:=]* || $last == *[:=]) ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    line=\${line#*"$word"}
    last=$word
  done
  local current=\${words[\${#words[@]} - 1]} at='' number=0 pending='' offer='' several=''
  local commands options arguments
  _steward_syntax ''
  for ((i = 1; i < \${#words[@]} - 1; i++)); do
    word=\${words[i]}
    if [[ $word == -* && $pending != once ]]; then
      pending=''
      if [[ $word != *=* ]] && _steward_takes "$word"; then pending=once; fi
    elif [[ -n $pending ]]; then
      if [[ -n $several ]]; then pending=more; else pending=''; fi
    elif [[ " $commands " == *" $word "* ]]; then
      at="$at\${at:+ }$word"
      _steward_syntax "$at"
    else
      number=$((number + 1))
    fi
  done
  local found='' argument
  if [[ -n $pending && ($pending == once || $current != -*) ]]; then
    found=$offer
  elif [[ $current == --*=* ]]; then
    if _steward_takes "\${current%%=*}"; then found=$offer; fi
    current=\${current#*=}
  elif [[ $current == -* ]]; then
    for word in $options; do word=\${word%%=*} found+=" \${word%+}"; done
  elif [[ -n $commands ]]; then
    found=$commands
  else
    for argument in $arguments; do
      found=\${argument#*=}
      if ((number == 0)) || [[ $argument == *+=* ]]; then break; fi
      found='' number=$((number - 1))
    done
  fi
  COMPREPLY=()
  if [[ $found == paths && $current != *:* ]]; then return; fi
  # Without candidates, nothing is offered in place of paths; where bash is too old for that, paths are.
  compopt +o default 2>/dev/null
  if [[ $found == paths ]]; then return; fi
  COMPREPLY=($(compgen -W "\${found//,/ }" -- "$current"))
}`;
