import { isoTime } from '../iso-time.ts';
import { count, moment } from '../quantity.ts';
import { type BrokenPoint, type Incident, quietUntil } from './incident.ts';

/** An incident in sentences, the most urgent first: for Slack, logs and answers. */

const MOST_JOBS = 5;
const MOST_POINTS = 3;

/** Three sentences or two: what happened, what broke, and what follows. */
export function incidentSentences(incident: Incident): readonly string[] {
  const { broken } = incident;
  return [whatHappened(incident), ...(broken.length === 0 ? [] : [whatBroke(incident)]), whatFollows(incident)];
}

/** What becomes of losses that follow: the alarm is on already. */
export function quietSentence(incident: Incident): string {
  return `What else is lost until ${moment(isoTime(quietUntil(incident)))} raises no other alarm; the message that this one has ended tells of all.`;
}

function whatHappened({ culprits, objects, broken, files, began }: Incident): string {
  const who = culprits.length === 0 ? 'Somebody' : culprits.join('; ');
  const have = culprits.length > 1 ? 'have' : 'has';
  const jobs = [...new Set(broken.map(({ job }) => job))];
  const more = jobs.length > MOST_JOBS ? ` and ${count(jobs.length - MOST_JOBS, 'other job')}` : '';
  const needed = jobs.length === 0 ? '' : ` that ${jobs.slice(0, MOST_JOBS).join(', ')}${more} can need for a restore`;
  const first = files[0] === undefined ? '' : ` The first: ${files[0]}, at ${moment(isoTime(began))}.`;
  return `${who} ${have} deleted ${count(objects, 'live object')}${needed}.${first}`;
}

function whatBroke({ broken }: Incident): string {
  const shown = broken.toSorted((one, other) => (other.completed ?? 0) - (one.completed ?? 0)).slice(0, MOST_POINTS);
  const more = broken.length > shown.length ? `, and ${broken.length - shown.length} more` : '';
  const are = broken.length === 1 ? 'is' : 'are';
  return `${count(broken.length, 'restore point')} ${are} broken: ${shown.map(pointOf).join(', ')}${more}.`;
}

function pointOf({ path, completed }: BrokenPoint): string {
  return completed === null ? `${path} (its _metadata is gone)` : `${path} (completed ${moment(isoTime(completed))})`;
}

function whatFollows(incident: Incident): string {
  const { keepsVersions, healing } = incident;
  return [nextOf(incident), healing === null ? leftOf(keepsVersions) : healedOf(healing), againOf(incident)]
    .filter((text) => text !== '')
    .join(' ');
}

function nextOf({ next, healing }: Incident): string {
  if (next === null) return '';
  const { due, soon, from, atLeast } = next;
  const least = atLeast ? 'at least ' : '';
  const now = due === 0 ? '' : `S3 may delete ${least}${count(due, 'more file')} of them at any moment.`;
  const later =
    from === null ? '' : `From ${moment(isoTime(from))} on it may delete ${least}${count(soon, 'further one')}.`;
  const isAtItsEnd = due + soon === 0 && !atLeast && (healing?.restored ?? 0) === 0;
  const nothing = isAtItsEnd ? 'The rule takes no further file of them within a day.' : '';
  return [now, later, nothing].filter((text) => text !== '').join(' ');
}

function leftOf(keepsVersions: boolean): string {
  return keepsVersions
    ? 'The bucket keeps versions, so deleting the delete markers brings the objects back, for as long as their versions are kept.'
    : 'The bucket keeps no version of them. A job that still runs has its state: take a savepoint in canonical format now, before it restarts.';
}

/** What comes back has its old time. */
function againOf({ healing, rules }: Incident): string {
  if (healing === null || healing.restored === 0 || rules.length === 0) return '';
  const it = rules.length === 1 ? 'the rule takes it again' : 'the rules take it again';
  return `What came back is as old as it was, so ${it} in the next run, once a day, until somebody disables ${rules.length === 1 ? 'it' : 'them'}.`;
}

function healedOf({ restored, failed, left, why }: NonNullable<Incident['healing']>): string {
  const lost = failed === 0 ? '' : `; ${failed} could not come back`;
  const later = left === 0 ? '' : `; ${left} are still to come`;
  const done = `The steward has brought ${count(restored, 'object')} back${lost}${later}.`;
  return why === null ? `${done} The next survey says whether the restore points are whole.` : `${done} ${why}`;
}
