import { isUuid, savepointJobPrefix } from '#core/flink/names.ts';
import { places } from './coverage.ts';
import type { FirstLoss, LifecycleHazard, RuleJudgement } from './judgement.ts';
import { type BystanderAction, type LifecycleRule, ruleName } from './rule.ts';

/** Milliseconds of the last day that ISO 8601 writes with four digits of year. */
const LAST_DAY = Date.UTC(9999, 11, 31);

/** One hazard as text: which rule deletes or archives which objects of which root, when, and what follows. */
export function describeHazard(hazard: LifecycleHazard): string {
  const { firstObject, completed } = hazard;
  const older =
    day(firstObject.modified) < day(completed) ? `, while the ${noun(hazard)} itself is from ${day(completed)}` : '';
  return `${hazard.rule} ${takesWhat(hazard)} that ${rootName(hazard)} needs${condition(hazard)}; ${timing(hazard)}: ${fileOf(firstObject)}${older}. ${consequence(hazard)}`;
}

/** What a rule does to live state, in a sentence that names the newest checkpoint that breaks, and why. */
export function describeRule(
  rule: LifecycleRule,
  {
    effect,
    applies,
    dangerous,
    hazards,
    notUnderstood,
  }: Pick<RuleJudgement, 'effect' | 'applies' | 'dangerous' | 'hazards' | 'notUnderstood'>,
  prefixes: readonly string[],
): string {
  const name = ruleName(rule);
  if (!rule.enabled) return `${name} is disabled and changes nothing.`;
  if (effect === 'unclear') {
    return `${name} may do harm: it has parts that the steward does not understand: ${notUnderstood.join(', ')}. Look them up in the S3 API reference.`;
  }
  if (effect === 'harmless') return `${name} is harmless to live state: ${reasons(rule).join('; ')}.`;
  const worst = hazards.find(({ newest }) => newest) ?? hazards[0];
  const late = dangerous ? '' : ' That is more than ten years away, so it is no finding.';
  if (worst !== undefined) return `${breakSentence(name, hazards, worst)}${late}`;
  const verb = effect === 'expires' ? 'delete' : 'archive';
  const asked = describeCondition(rule);
  const does = asked === null ? `${verb}s` : `may ${verb}`;
  if (!applies) return `${name} ${does} objects by age or date, but none that a root needs today.`;
  const what = `${does} objects ${places(rule, prefixes)} by age or date${asked === null ? '' : ` (${asked})`}`;
  return dangerous
    ? `${name} ${what}. No root needs one of them today, but a checkpoint or savepoint that comes to need one will break.`
    : `${name} ${what}, but only after more than ten years, so it is no finding.`;
}

/** The condition under which a rule affects the objects; null if it affects them for certain. */
export function describeCondition(rule: LifecycleRule): string | null {
  const { tags, understood } = rule.filter;
  const conditions: string[] = [];
  if (tags.length > 0) {
    const list = tags.map(({ key, value }) => `${key}=${value}`).join(' and ');
    conditions.push(
      `if the objects carry the tag${tags.length === 1 ? '' : 's'} ${list}, which a listing does not show`,
    );
  }
  if (!understood) {
    conditions.push('if its filter, which the steward does not fully understand, matches the objects');
  }
  return conditions.length === 0 ? null : conditions.join(', and ');
}

/** YYYY-MM-DD in UTC; rules may name ages that end after the calendar does. */
export function day(time: number): string {
  return time > LAST_DAY ? 'a day after the year 9999' : new Date(time).toISOString().slice(0, 10);
}

function breakSentence(name: string, hazards: readonly LifecycleHazard[], worst: LifecycleHazard): string {
  const roots = new Set(hazards.map(({ rootKey }) => rootKey)).size;
  const jobs = new Set(hazards.map(({ job, label }) => job ?? label)).size;
  const { firstObject, completed, breaksAt } = worst;
  const breaks = `${worst.certain ? 'breaks' : 'may break'} ${count(roots, 'root')} of ${count(jobs, 'job')}`;
  const which = `${rootName(worst)}${worst.newest ? ', the newest of its job,' : ''}`;
  const lost = `its first object${firstObject.storageClass === null ? '' : ` to ${firstObject.storageClass}`}`;
  const when = worst.due ? `can lose ${lost} any day, due since` : `loses ${lost} ${by(firstObject)}`;
  const older =
    day(firstObject.modified) < day(completed)
      ? ` and so older than the ${noun(worst)} itself (${day(completed)})`
      : '';
  return `${name} ${breaks}${condition(worst)}: ${which} ${when} ${day(breaksAt)}: ${fileOf(firstObject)}${older}.`;
}

/** Of a file outside the area only the latest possible date is known. */
function by({ outside }: FirstLoss): 'on' | 'by' {
  return outside ? 'by' : 'on';
}

function fileOf({ key, modified, outside }: FirstLoss): string {
  return outside
    ? `${key}, which is outside the area, written ${day(modified)} or earlier`
    : `${shortKey(key)} written ${day(modified)}`;
}

function takesWhat({ objects, archivedObjects, certain }: LifecycleHazard): string {
  const what = count(objects, 'object');
  if (archivedObjects === 0) return `${certain ? 'deletes' : 'may delete'} ${what}`;
  if (archivedObjects === objects) return `${certain ? 'archives' : 'may archive'} ${what}`;
  return `${certain ? 'archives or deletes' : 'may archive or delete'} ${what}`;
}

function condition(hazard: LifecycleHazard): string {
  return hazard.condition === null ? '' : ` (${hazard.condition})`;
}

function timing({ breaksAt, due, newest, dueObjects, firstObject }: LifecycleHazard): string {
  if (due) {
    return `${dueObjects} of them ${dueObjects === 1 ? 'is' : 'are'} due and can be lost any day, the first since ${day(breaksAt)}`;
  }
  const first = `the first is ${firstObject.effect === 'archives' ? 'archived' : 'deleted'} ${by(firstObject)} ${day(breaksAt)}`;
  return newest ? first : `if it is kept so long, ${first}`;
}

function consequence(hazard: LifecycleHazard): string {
  const { firstObject } = hazard;
  const until =
    firstObject.effect === 'archives' ? ` until that object is restored from ${firstObject.storageClass}` : '';
  const silence =
    noun(hazard) === 'savepoint' ? 'nobody notices before a restore is attempted' : 'the running job does not notice';
  return `After that the ${noun(hazard)} can't be restored${until}, and ${silence}.`;
}

function reasons(rule: LifecycleRule): string[] {
  const classes = [...new Set(rule.transitions.map(({ storageClass }) => storageClass))];
  const found = rule.bystanders.map((action) => BYSTANDERS[action]);
  if (classes.length > 0) found.push(`it moves objects to ${classes.join(' and ')}, where they stay readable`);
  return found.length === 0 ? ['it has no action on current objects'] : found;
}

const BYSTANDERS: Readonly<Record<BystanderAction, string>> = {
  'aborts-uploads': 'it aborts incomplete multipart uploads, and the files of a checkpoint are complete objects',
  'noncurrent-versions': 'it acts on noncurrent versions only, and a restore reads current ones',
  'delete-markers': 'it removes delete markers with nothing behind them',
};

function rootName({ rootKey, label }: LifecycleHazard): string {
  const directory = directoryOf(rootKey);
  return directory === undefined ? `the root of ${label}` : `${directory} of ${label}`;
}

function noun({ rootKey }: LifecycleHazard): 'checkpoint' | 'savepoint' {
  return savepointJobPrefix(directoryOf(rootKey)) === null ? 'checkpoint' : 'savepoint';
}

function directoryOf(key: string): string | undefined {
  return key.split('/').at(-2);
}

/** The last two parts of a key; of a UUID, which Flink's names mostly are, the beginning is enough to find it. */
function shortKey(key: string): string {
  const [name = '', directory] = key.split('/').reverse();
  const short = isUuid(name) ? `${name.slice(0, 8)}…` : name;
  return directory === undefined ? short : `${directory}/${short}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
