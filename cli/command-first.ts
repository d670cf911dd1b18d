import type { Command, Option } from 'commander';

/**
 * The arguments with the command before its options, which is how commander understands them: `steward -q --ledger x
 * collect` becomes `steward collect -q --ledger x`. Where another option comes before the command, they stay as they are,
 * and commander says what is wrong with them.
 */
export function commandFirst(args: readonly string[], program: Command): readonly string[] {
  const known = optionsByFlag(program);
  const words: string[] = [];
  const before: string[] = [];
  let command = program;
  let at = 0;
  for (let arg = args[at]; command.commands.length > 0 && arg !== undefined; arg = args[at]) {
    const inner = command.commands.find((each) => each.name() === arg);
    if (inner === undefined) {
      const [flag = arg] = arg.split('=', 1);
      const option = known.get(flag);
      if (TELLING.has(arg)) return [...words, arg];
      // A word that is no command is what is wrong, and not the options before it.
      if (!arg.startsWith('-')) return [...words, ...args.slice(at), ...before];
      if (option === undefined || option.variadic) return args;
      const width = option.required && flag === arg ? 2 : 1;
      before.push(...args.slice(at, at + width));
      at += width;
    } else {
      command = inner;
      words.push(arg);
      at++;
    }
  }
  // Options alone are no command: commander shows the help, as where nothing is typed.
  return command.commands.length > 0 ? words : [...words, ...before, ...args.slice(at)];
}

/** Options that are answered whatever else is typed. */
const TELLING: ReadonlySet<string> = new Set(['-h', '--help', '-V', '--version']);

/** Of all commands; where several have an option of the same flag, it takes a value in all of them or in none. */
function optionsByFlag(program: Command): ReadonlyMap<string, Option> {
  const all = (command: Command): readonly Option[] => [...command.options, ...command.commands.flatMap(all)];
  return new Map(
    all(program).flatMap((option) => [option.short, option.long].flatMap((flag) => (flag ? [[flag, option]] : []))),
  );
}
