/**
 * The command with one of its safety rules switched off, for showing that the suite sees it. Only this suite builds it;
 * nothing that is shipped can switch a rule off.
 *
 * usage: unsafe-steward MUTATION then what the command takes
 */
import { processIo } from '#cli/io.ts';
import { run } from '#cli/program.ts';
import type { Evidence, Grounds, Subject } from '#core/collect/evidence.ts';
import { JUDGEMENTS, type Judgement } from '#core/collect/judge.ts';
import type { JudgementRule } from '#core/collect/verdicts.ts';
import { SWITCHES } from './unsafe-switches.ts';

const JOB = /(?:^|\/)([0-9a-f]{32})\//;

/** A reference from another job's directory counts for nothing. */
function isNamedByItsOwnJob({ object }: Subject, grounds: Grounds): boolean {
  // This command judges whole areas.
  const { objects, reachability } = grounds as Evidence;
  const job = JOB.exec(objects.key(object))?.[1];
  return reachability.rootsOf(object).some(({ key }) => JOB.exec(key)?.[1] === job);
}

function replaced(rule: JudgementRule, applies: Judgement['applies']): void {
  const table = JUDGEMENTS as Judgement[];
  const at = table.findIndex((judgement) => judgement.rule === rule);
  const judgement = table[at];
  if (judgement === undefined) throw new Error(`There is no rule "${rule}".`);
  table[at] = { ...judgement, applies };
}

const never = (): boolean => false;

function withoutNames(): void {
  replaced('base-name', never);
  replaced('copy', never);
}

/** What is no row of a table: the build puts a look at this flag into the code. */
function switchOff(what: keyof typeof SWITCHES): void {
  Object.assign(globalThis, { [SWITCHES[what].flag]: true });
}

const MUTATIONS: Readonly<Record<string, () => void>> = {
  'references across jobs': () => replaced('named-by-root', isNamedByItsOwnJob),
  'a later checkpoint': () => replaced('no-later-checkpoint', never),
  'task-owned files': () => replaced('taskowned', never),
  'names of live files': withoutNames,
  // Nothing refuses it then, and nothing knows a live file by its name. A directory is walked once all the same.
  'two names': () => {
    switchOff('second paths');
    withoutNames();
  },
  'a second ledger': () => switchOff('foreign markers'),
  'everything but age': () => {
    replaced('named-by-root', never);
    replaced('no-later-checkpoint', never);
  },
};

const [name = '', ...args] = process.argv.slice(2);
const mutate = MUTATIONS[name];
if (mutate === undefined) throw new Error(`There is no mutation "${name}".`);
mutate();
process.exitCode = await run(args, processIo());
