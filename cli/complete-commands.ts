import type { Command } from 'commander';
import type { StewardConfig } from '#config/steward-config.ts';
import { commandsIn } from '#core/commands-in-text.ts';
import { shellWord } from '#core/shell-word.ts';
import type { AreaOptions } from './area-options.ts';
import { awsReach } from './aws-reach.ts';
import { nextCommand } from './next-command.ts';

/**
 * Completes the commands in sentences, so that they can be pasted. What writes a sentence knows what must be run, but not
 * how the user named the area: locations, ledger, endpoint.
 */

/** A text with its commands completed. Completing it again changes nothing. */
export type CompleteCommands = (text: string) => string;

export const AS_IT_IS: CompleteCommands = (text) => text;
/** It writes what was typed into `steward.json`, so the commands after it need no completion. */
const INIT = 'init';

/** Arguments that hold something else before the locations, each with the option that replaces it. */
const IN_PLACE_OF_FIRST: Readonly<Record<string, string>> = { 'root-or-location': 'from', 'job-or-location': 'root' };

/**
 * @param command the one that runs, with its options and arguments parsed.
 * @param config null where it is not known, as that of a deployment.
 */
export function completing(program: Command, command: Command, config: StewardConfig | null): CompleteCommands {
  if (command.name() === INIT) return AS_IT_IS;
  const options = command.opts<AreaOptions>();
  const places = locationsOf(command);
  const complete = (words: readonly string[]): string | null =>
    words[0] === 'steward'
      ? completeSteward(program, words.slice(1), places, options)
      : words[0] === 'aws'
        ? completeAws(words, (url) => awsReach(url, options, config))
        : null;
  return (text) => {
    let end = text.length;
    let done = '';
    for (const found of commandsIn(text).toReversed()) {
      const completed = complete(found.words);
      if (completed === null) continue;
      done = completed + text.slice(found.end, end) + done;
      end = found.start;
    }
    return text.slice(0, end) + done;
  };
}

function locationsOf(command: Command): readonly string[] {
  const name = command.registeredArguments.at(-1)?.name() ?? '';
  if (!name.endsWith('location')) return [];
  const given: readonly string[] = command.processedArgs.at(-1) ?? [];
  const instead = IN_PLACE_OF_FIRST[name];
  return instead !== undefined && command.opts()[instead] === undefined ? given.slice(1) : given;
}

/** Null for what is no command of the program. */
function completeSteward(
  program: Command,
  words: readonly string[],
  places: readonly string[],
  typed: AreaOptions,
): string | null {
  let command = program;
  let depth = 0;
  for (let inner = find(command, words[0]); inner !== undefined; inner = find(command, words[depth])) {
    command = inner;
    depth++;
  }
  if (depth === 0 || command.commands.length > 0) return null;
  const firstOption = words.findIndex((word) => word.startsWith('--'));
  const own = words.slice(0, firstOption === -1 ? undefined : firstOption);
  const last = firstOption === -1 ? [] : words.slice(firstOption);
  const isComplete = places.length > 0 && places.every((place) => own.includes(place));
  const takesPlaces = command.registeredArguments.at(-1)?.name().endsWith('location') && !isComplete;
  const known = new Set(
    command.options.filter(({ long }) => !last.includes(`${long}`)).map((option) => option.attributeName()),
  );
  if (!last.includes('--stack')) known.add('stack');
  const options = Object.fromEntries(Object.entries(typed).filter(([name]) => known.has(name)));
  return nextCommand(own, { places: takesPlaces ? places : [], options }, last);
}

function find(command: Command, name: string | undefined): Command | undefined {
  return command.commands.find((inner) => inner.name() === name);
}

/** A command of the AWS CLI, sent to the store of the first bucket that it names. Null where nothing must be added. */
function completeAws(words: readonly string[], reachOf: (url: string) => string): string | null {
  const byUrl = words.find((word) => word.startsWith('s3://'));
  const named = words[words.indexOf('--bucket') + 1];
  const bucket = byUrl ?? (words.includes('--bucket') && named !== undefined ? `s3://${named}` : 's3://');
  const reach = words.some((word) => word === '--endpoint-url' || word === '--region') ? '' : reachOf(bucket);
  // Between two buckets --region would be that of the other one. A store of its own has one for both.
  const isOfOne = byUrl === undefined || words.filter((word) => word.startsWith('s3://')).length === 1;
  return reach === '' || !(isOfOne || reach.includes('--endpoint-url'))
    ? null
    : `${words.map(shellWord).join(' ')}${reach}`;
}

/** The members of documents that have sentences or commands. Others are names and paths, which stay as they are. */
const SAID: ReadonlySet<string> = new Set([
  ...['sentence', 'sentences', 'message', 'notes', 'why', 'because', 'problem', 'finding', 'damage', 'refusal'],
  ...['command', 'commands', 'advice', 'remedy', 'stateWhy', 'notLookedAt', 'afterDeletion', 'findings', 'savings'],
]);

/** One document with its commands completed. Other texts stay as they are. */
export function completeDocument(text: string, complete: CompleteCommands): string {
  if (!text.startsWith('{')) return text;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return text;
  }
  return `${JSON.stringify(document, completingSaid(complete), 2)}\n`;
}

/** A value of plain JSON with the commands in its sentences completed. */
export function completeSaid<Value>(value: Value, complete: CompleteCommands): Value {
  return JSON.parse(JSON.stringify(value, completingSaid(complete)));
}

function completingSaid(complete: CompleteCommands): (name: string, value: unknown) => unknown {
  return (name, value) => {
    if (!SAID.has(name)) return value;
    if (Array.isArray(value)) return value.map((each) => (typeof each === 'string' ? complete(each) : each));
    return typeof value === 'string' ? complete(value) : value;
  };
}
