import type { Departure, Played, Schedule } from './schedule.ts';
import type { Script } from './script.ts';
import type { Step } from './stage.ts';

/** What happened, in words, and how to see it again. */
export function storyOf({ name, about }: Script, { schedule, steps, wrong }: Played): string {
  return [
    `${name}: ${wrong ?? 'Nothing is lost.'}`,
    about,
    `To play it again: STEWARD_SCHEDULE=${JSON.stringify(`${name}: ${choicesOf(schedule)}`)} npm run test:exhaustive`,
    ...sentencesOf(steps).map((sentence, at) => `${at + 1}. ${sentence}`),
  ].join('\n');
}

/** A schedule as text: `37 job 1, 52 steward 1 dies`; `usual` where it never departs from the default. */
export function choicesOf(schedule: Schedule): string {
  return schedule.map(({ at, who, dies }) => `${at} ${who}${dies ? ' dies' : ''}`).join(', ') || 'usual';
}

/** @throws RangeError where the text is none of {@link choicesOf}. */
export function scheduleOf(text: string): Schedule {
  return text === 'usual'
    ? []
    : text.split(', ').map((choice): Departure => {
        const [, at, who, dies] = /^(\d+) (.+?)( dies)?$/.exec(choice) ?? [];
        if (at === undefined || who === undefined) {
          throw new RangeError(
            `${JSON.stringify(choice)} is no choice: write for example "37 job 1" or "52 steward 1 dies".`,
          );
        }
        return { at: Number(at), who, dies: dies !== undefined };
      });
}

/** What somebody only looks at is told in one sentence, up to where somebody changes something or somebody else is at work. */
function sentencesOf(steps: readonly Step[]): readonly string[] {
  const told: string[] = [];
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    const from = at;
    while (step?.isQuiet && steps[at + 1]?.isQuiet && steps[at + 1]?.who === step.who) {
      at++;
    }
    const last = steps[at]?.says.replace(`${step?.who}: `, '');
    const reads = at - from;
    told.push(`${step?.says}${reads === 0 ? '' : `, and ${reads} more up to "${last}"`}`);
  }
  return told;
}
