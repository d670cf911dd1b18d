import type { CommandSyntax, Offer, OptionSyntax, ValueSyntax } from './syntax.ts';
import { withInner } from './syntax.ts';

/** The script for zsh: one function for each command, by zsh's own `_arguments`. It starts no process either. */
export function zshScript(program: CommandSyntax): string {
  return `#compdef steward
# zsh completion of steward, as "steward completion zsh" prints it.

${withInner(program).map(functionOf).join('\n')}
# The file may be found in $fpath, or be read by a shell that has called compinit.
if [[ $funcstack[1] == _steward ]]; then
  _steward "$@"
else
  compdef _steward steward
fi
`;
}

function functionOf(command: CommandSyntax): string {
  return command.commands.length === 0 ? leaf(command) : group(command);
}

function leaf({ words, options, values }: CommandSyntax): string {
  const specs = [...options.flatMap(optionSpecs), ...values.map(valueSpec)];
  return `${nameOf(words)}() {\n  _arguments${specs.map(continued).join('')}\n}\n`;
}

function group({ words, options, commands }: CommandSyntax): string {
  const specs = [...options.flatMap(optionSpecs), quoted('1: :->command'), quoted('*:: :->inner')];
  const described = commands.map(({ words: inner, description }) =>
    quoted(`${inner.at(-1)}:${description.replaceAll(':', '\\:')}`),
  );
  const cases = commands.map(({ words: inner }) => `        ${inner.at(-1)}) ${nameOf(inner)} ;;\n`);
  return `${nameOf(words)}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  # Behind the command, options are those of the command.
  _arguments -C -A '-*'${specs.map(continued).join('')}
  case $state in
    command)
      local -a commands=(${described.map((each) => `\n        ${each}`).join('')}
      )
      _describe command commands
      ;;
    inner)
      case $line[1] in
${cases.join('')}      esac
      ;;
  esac
}
`;
}

function nameOf(words: readonly string[]): string {
  return ['_steward', ...words].join('_');
}

function continued(spec: string): string {
  return ` \\\n    ${spec}`;
}

/** Both names of an option exclude each other, unless it may be given several times. */
function optionSpecs({ names, description, value }: OptionSyntax): readonly string[] {
  const once = value?.several ? '*' : `(${names.join(' ')})`;
  return names.map((name) => {
    const equals = value !== null && name.startsWith('--') ? '=' : '';
    return quoted(`${once}${name}${equals}[${escaped(description)}]${value === null ? '' : takenBy(value, '*-*:')}`);
  });
}

function valueSpec(value: ValueSyntax, index: number): string {
  return quoted(`${value.several ? '*' : index + 1}${takenBy({ ...value, several: false }, '')}`);
}

/** @param following what ends several values, as a pattern of zsh. */
function takenBy({ name, offer, several }: ValueSyntax, following: string): string {
  return `:${several ? following : ''}${name}:${actionOf(offer)}`;
}

function actionOf(offer: Offer): string {
  if (offer === 'paths') return '_files';
  return offer === 'nothing' ? ' ' : `(${offer.join(' ')})`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\[\]:]/g, '\\$&');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
