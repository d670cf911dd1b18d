import type { Step } from './trace.ts';
import type { Witness } from './witnesses.ts';

/** Traces as sentences. */

/**
 * What a trace tells, each step as a sentence with its time. How a run reads, and when a checkpoint begins, is told only
 * where something else happens before it goes on.
 */
export function sentencesOf(steps: readonly Step[]): readonly string[] {
  const told = steps.filter(({ says }) => says !== '');
  return told
    .filter((step, place) => !step.quiet || isInterrupted(told, place))
    .map(({ at, says }) => `At ${at}: ${startOf(says)}`);
}

/** A path keeps its case where it begins a sentence. */
function startOf(sentence: string): string {
  return /^\w+\//.test(sentence) ? sentence : sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Whether somebody else does something in the run of which this is a step, or right after the step. */
function isInterrupted(told: readonly Step[], place: number): boolean {
  const who = told[place]?.who;
  const isBegin = (step: Step): boolean => step.who === who && step.says.endsWith('begins a run.');
  const from = told.findLastIndex((step, other) => other < place && isBegin(step));
  if (from === -1) return told[place + 1]?.who !== who;
  const next = told.findIndex((step, other) => other > place && isBegin(step));
  const until = next === -1 ? told.length : next;
  const last = told.findLastIndex((step, other) => other < until && step.who === who);
  return told.slice(from, last).some((step) => step.who !== who);
}

/** The two traces of a witness. */
export interface Traces {
  readonly holds: readonly Step[];
  readonly breaks: readonly Step[];
}

/** A story in Markdown: what happens, and how it goes on without the rule and with it. */
export function storyOf({ rule, others, about }: Witness, traces: Traces): string {
  const [holds, breaks] = [sentencesOf(traces.holds), sentencesOf(traces.breaks)];
  const parting = breaks.findIndex((sentence, place) => sentence !== holds[place]);
  const aside =
    others.length === 0
      ? ''
      : ` (Both times without ${others.map((other) => `\`${other}\``).join(' and ')}, which would keep it as well.)`;
  return [
    `### \`${rule}\``,
    `${about}${aside}`,
    numbered(breaks.slice(0, parting), 1),
    `**Without \`${rule}\`:**`,
    numbered(breaks.slice(parting), parting + 1),
    `**With \`${rule}\`:**`,
    numbered(holds.slice(parting), parting + 1),
  ].join('\n\n');
}

/** Sentences as a list. @param first the number of the first of them. */
export function numbered(sentences: readonly string[], first: number): string {
  return sentences.map((sentence, place) => `${first + place}. ${sentence}`).join('\n');
}
