import { execFileSync, spawnSync } from 'node:child_process';

/** Shells of this machine that complete a line. */

export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version']).error === undefined;
}

/** What is offered at the end of each line. */
export type Offered = Readonly<Record<string, readonly string[]>>;

/** Splits a line as readline does before it calls the function, and prints what that answers. */
const ASK_BASH = `
. "$1"; shift
for line; do
  COMP_LINE=$line COMP_POINT=\${#line}
  spaced=\${line//:/ : }; spaced=\${spaced//=/ = }
  read -ra COMP_WORDS <<<"$spaced"
  [[ $line == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _steward
  printf '%s\\t%s\\n' "$line" "\${COMPREPLY[*]}"
done`;

export function offeredByBash(script: string, lines: readonly string[]): Offered {
  const options = { encoding: 'utf8' } as const;
  return parsed(execFileSync('bash', ['--norc', '-uc', ASK_BASH, 'bash', script, ...lines], options));
}

/** Types lines into an interactive shell, with a function in place of the command that prints its words. */
export function typedInBash(script: string, cwd: string, keys: readonly string[]): string {
  const rc = `PS1='$ '; . '${script}'; steward() { printf '<%s>' "$@"; echo; }`;
  const typed = [...keys, 'exit'].map((line) => `${line}\n`).join('');
  const shell = `exec bash --rcfile <(printf '%s' "$RC") -i`;
  return execFileSync('script', ['-qec', `bash -c '${shell}'`, '/dev/null'], {
    cwd,
    input: typed,
    encoding: 'utf8',
    env: { ...process.env, RC: rc, TERM: 'dumb' },
  }).replaceAll('\r', '');
}

/** A zsh at a terminal of its own. Its function that adds candidates prints them too. */
const ASK_ZSH = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PROMPT=; unsetopt beep; fpath=('\${(q)1}' $fpath); autoload -Uz compinit; compinit -D -u'
zpty -w z 'capture() { comppostfuncs=(after); zle complete-word }; zle -N capture; bindkey "^I" capture
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  local -a hits; builtin compadd -A hits "$@"; for hit in $hits; do print -r -- "H""IT:$hit"; done
  builtin compadd "$@"
}
after() { print ALL-"HITS"; compstate[list]=; compstate[insert]= }'
zpty -w z 'print READ""Y'
zpty -r -m z out '*READY*'
for line in "\${@[2,-1]}"; do
  zpty -w -n z "$line"$'\\t'
  zpty -r -m z out '*ALL-HITS*'
  print -rn -- "$line"$'\\t'
  print -r -- \${(f)"$(print -r -- $out | tr -d '\\r' | sed -n 's/^.*HIT://p')"}
  zpty -w -n z $'\\C-u'
done
zpty -d z`;

/** @param folder has the script in a file `_steward`. */
export function offeredByZsh(folder: string, cwd: string, lines: readonly string[]): Offered {
  const options = { cwd, encoding: 'utf8' } as const;
  return parsed(execFileSync('zsh', ['-fc', ASK_ZSH, 'zsh', folder, ...lines], options));
}

function parsed(out: string): Offered {
  return Object.fromEntries(
    out
      .replace(/\n$/, '')
      .split('\n')
      .map((row) => row.split('\t'))
      .map(([line = '', words = '']) => [line, words.split(' ').filter(Boolean).toSorted()]),
  );
}
