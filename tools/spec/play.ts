import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quint } from './quint.ts';
import { numbered, sentencesOf, storyOf } from './story.ts';
import { stepsOf } from './trace.ts';
import type { Witness } from './witnesses.ts';

/** Plays the stories of the specification. */

export const SPEC = fileURLToPath(new URL('../../spec/', import.meta.url));
/** Of garbage that goes. */
const PROGRESS = ['garbage_goes', 'retired_files_go'];

/**
 * Plays each story with its rule and without it, and leaves the traces in a folder.
 *
 * @returns what is wrong, in words; null where all of them end as they must.
 */
export function play(witnesses: readonly Witness[], folder: string): string | null {
  const names = [...witnesses.flatMap(({ name }) => [`${name}_holds`, `${name}_breaks`]), ...PROGRESS];
  const { succeeded, output } = playIn(SPEC, names, folder);
  if (succeeded) return null;
  const failed = [...output.matchAll(/^ *\d+\) (\w+) failed/gm)].map(([, name = '']) => name);
  if (failed.length === 0) return output;
  // Quint keeps no trace of a run that does not end as expected. Without expectations each of them does.
  const copy = join(folder, 'spec');
  mkdirSync(copy);
  cpSync(SPEC, copy, { recursive: true });
  const text = readFileSync(join(SPEC, 'witnesses.qnt'), 'utf8');
  writeFileSync(join(copy, 'witnesses.qnt'), text.replaceAll(/\.expect\(.*\)$/gm, ''));
  const again = playIn(copy, failed, folder);
  if (!again.succeeded) return again.output;
  return failed
    .map((name) => `${sayFailed(name, witnesses)}\n\n${numbered(sentencesOf(traceOf(name, folder)), 1)}`)
    .join('\n\n');
}

function playIn(spec: string, names: readonly string[], folder: string): ReturnType<typeof quint> {
  const traces = join(folder, '{test}.itf.json');
  return quint('test', join(spec, 'witnesses.qnt'), `--match=^(${names.join('|')})$`, `--out-itf=${traces}`);
}

function sayFailed(run: string, witnesses: readonly Witness[]): string {
  const witness = witnesses.find(({ name }) => run === `${name}_holds` || run === `${name}_breaks`);
  if (witness === undefined) return `Garbage that must go is kept (${run}):`;
  return run.endsWith('_holds')
    ? `With the rule ${witness.rule} something is lost in its story (${run}), as if the rule were not there:`
    : `Without the rule ${witness.rule} nothing is lost in its story (${run}), so something else keeps it:`;
}

function traceOf(run: string, folder: string): ReturnType<typeof stepsOf> {
  return stepsOf(readFileSync(join(folder, `${run}.itf.json`), 'utf8'));
}

/** The story of a witness that was played, in Markdown. @param folder of its traces */
export function playedStory(witness: Witness, folder: string): string {
  const { name } = witness;
  return storyOf(witness, { holds: traceOf(`${name}_holds`, folder), breaks: traceOf(`${name}_breaks`, folder) });
}
