import type { Told, Versioning } from '#ports/bucket-facts.ts';
import type { Examined } from './examined.ts';
import { ask } from './examined.ts';
import { type Finding, failureFinding, finding } from './finding.ts';

/** Whether a bucket keeps versions, and what that means for `undo`. None for a directory. */
export async function checkVersioning(place: Examined): Promise<readonly Finding[]> {
  const { location, name } = place;
  const told = await location.facts?.versioning(ask(place));
  return told === undefined ? [] : [findingOf(told, name, place.arn)];
}

function findingOf(told: Told<Versioning>, name: string, arn: string | null): Finding {
  if (!told.known) return untold('versioning', name, told, arn);
  switch (told.value) {
    case 'Enabled':
      return finding(
        'versioning',
        name,
        'ok',
        'On: undo can put back what a run deleted, while its noncurrent version exists.',
      );
    case 'Suspended':
      return finding(
        'versioning',
        name,
        'warning',
        "Suspended: undo can put back retired checkpoints whose files exist. It can't put back objects that are deleted from now on.",
        {
          advice: 'To be able to put back deleted objects, switch versioning on again. Noncurrent versions are billed.',
        },
      );
    case 'never':
      return finding(
        'versioning',
        name,
        'ok',
        "Off: undo can put back retired checkpoints whose files exist. It can't put back deleted objects.",
      );
    default:
      return told.value satisfies never;
  }
}

/** What a bucket does not tell of itself: runs go on without it, so a missing right is no more than not checked. */
export function untold(
  check: 'versioning' | 'lifecycle-rules' | 'guard',
  name: string,
  { why, failure }: Extract<Told<unknown>, { known: false }>,
  arn: string | null,
): Finding {
  return failure === undefined
    ? finding(check, name, 'not-checked', why)
    : failureFinding(check, name, failure, arn, 'not-checked');
}
