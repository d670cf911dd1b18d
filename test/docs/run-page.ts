import type { Status } from '#cli/errors.ts';
import type { Ran } from '#test/cli/steward.ts';
import type { AskedDeployment } from './asked-deployment.ts';
import { isRunHere } from './command-homes.ts';
import { type Step, stepsOf } from './doc-script.ts';
import type { DocWorld } from './doc-world.ts';
import { missingLines } from './shown-output.ts';

/** Runs the commands of a page in the order in which they stand. */

export interface PageScript {
  readonly page: string;
  /** By command, where that is not 0. */
  readonly statuses?: Readonly<Record<string, Status>>;
  /** What stands on the page for what a reader fills in, each with how it is known by then. */
  readonly filledIn?: Readonly<Record<string, () => string>>;
  /** What happens before a command: time passes, or a place is prepared. */
  readonly before?: Readonly<Record<string, () => void | Promise<void>>>;
  /** Where a command is typed, if not in the folder of the world. */
  readonly folderOf?: (command: string) => string | undefined;
  /** Of the terminal on which the page was written. @default 100 */
  readonly columns?: number;
}

export interface Runners {
  readonly world: DocWorld;
  readonly deployment?: AskedDeployment;
}

export interface PageRun {
  /** As they stand on the page. */
  readonly ran: readonly string[];
  /** What was wrong with them, and entries of the script that fit no command, a sentence each. */
  readonly complaints: readonly string[];
}

export async function runPage(script: PageScript, runners: Runners): Promise<PageRun> {
  const ran: string[] = [];
  const complaints: string[] = [];
  const { statuses = {}, filledIn = {}, before = {} } = script;
  const idle = new Set([...Object.keys(statuses), ...Object.keys(filledIn), ...Object.keys(before)]);
  const fill = (text: string): string =>
    Object.entries(filledIn).reduce((filled, [placeholder, value]) => {
      if (!filled.includes(placeholder)) return filled;
      idle.delete(placeholder);
      return filled.replaceAll(placeholder, value());
    }, text);
  for (const step of stepsOf(script.page).filter(({ command }) => isRunHere(command))) {
    const { command } = step;
    idle.delete(command);
    await before[command]?.();
    const outcome = await runStep(fill(command), step, script, runners);
    ran.push(command);
    const shown = step.shown.map(fill);
    complaints.push(...complaintsAbout({ ...step, shown }, outcome, statuses[command] ?? 0));
  }
  return { ran, complaints: [...complaints, ...[...idle].map((key) => `${script.page} has no more: ${key}`)] };
}

async function runStep(
  command: string,
  { at }: Step,
  { folderOf, columns = 100 }: PageScript,
  { world, deployment }: Runners,
): Promise<Ran> {
  if (command.startsWith('steward --stack ') && deployment !== undefined) {
    return await deployment.steward(command, columns);
  }
  if (/^(?:steward|node) /.test(command)) return await world.steward(command, columns, folderOf?.(command));
  if (command.startsWith('aws s3')) return await world.aws(command);
  if (deployment === undefined) throw new Error(`${at} asks a deployment, but the tests of the page have none.`);
  return await deployment.survey(command);
}

function complaintsAbout({ at, command, shown }: Step, { status, out, err }: Ran, expected: Status): readonly string[] {
  const faults = [
    ...(status === expected ? [] : [`ended with ${status} instead of ${expected}: ${err || out}`]),
    ...(out.trim() === '' ? ['printed nothing.'] : []),
    ...(/unexpected failure|^\s+at .+:\d+:\d+\)?$/im.test(out + err) ? [`failed as nobody foresaw: ${err}`] : []),
    ...missingLines(shown, out).map((missing) => `does not print what the page shows: ${missing}`),
  ];
  return faults.map((fault) => `${at}: ${command}: ${fault}`);
}
