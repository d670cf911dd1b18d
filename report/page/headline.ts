import type { ReportDocument, ReportRule } from '../model/document.ts';
import { garbageOf } from './amounts.ts';
import { card, jump } from './card.ts';
import { el } from './dom.ts';
import { ago, count, day, duration, number, percent, shown, size } from './format.ts';
import { growth } from './growth-card.ts';
import { jobLink } from './links.ts';
import { restoreStanding } from './restore-standing.ts';
import { told } from './told.ts';

/** The answers to the first questions, at the top of the page: money first. */

export function headline(report: ReportDocument): HTMLElement {
  return el('div', { class: 'cards' }, price(report), reclaim(report), restore(report), rules(report), growth(report));
}

/** What it costs and what can be saved, in the words of `steward audit`. */
function price({ money: { answer, contains, savings }, cost }: ReportDocument): HTMLElement {
  const question =
    cost === null ? 'How much is stored, and what can be saved?' : 'What does it cost, and what can be saved?';
  const saved = el(
    'ul',
    {},
    savings.map((saving) => el('li', {}, told(saving))),
  );
  const money = card(question, sentence(answer), 'plain', contains);
  money.classList.add('money');
  money.append(saved);
  return money;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function reclaim({ groups, total, undecidable, quarantine, at }: ReportDocument): HTMLElement {
  const question = 'What is safe to reclaim?';
  if (undecidable.length > 0) {
    return card(question, 'Nothing in this run', 'bad', 'The area is undecidable: the reasons are above.');
  }
  const garbage = garbageOf(groups);
  if (garbage.objects === 0) {
    return card(question, 'Nothing', 'good', 'Every object is in use, young, or protected.');
  }
  const share = percent(total.bytes === 0 ? 0 : garbage.bytes / total.bytes);
  return card(
    question,
    size(garbage.bytes),
    'plain',
    `${count(garbage.objects, 'object')}, ${share} of all: no checkpoint or savepoint references them.`,
    groups.deletable.objects === 0
      ? quarantine.firstEnds === null
        ? `Their quarantine of ${duration(quarantine.lasts)} begins with the next run.`
        : `All of it is in quarantine; the first objects may be deleted ${quarantine.firstEnds <= at ? 'by the next run' : `from ${day(quarantine.firstEnds)}`}.`
      : `${size(groups.deletable.bytes)} of it may be deleted by the next collect.`,
  );
}

function restore({ jobs, at, findings }: ReportDocument): HTMLElement {
  const question = 'Where to restore from?';
  const withRoots = jobs.filter(({ roots }) => roots.length > 0);
  const unchecked = withRoots.filter((job) => restoreStanding(job).can === 'unchecked');
  const without = withRoots.filter((job) => restoreStanding(job).can === 'no');
  const [newest] = withRoots
    .flatMap((job) => job.roots.filter(({ condition }) => condition === 'whole').map((root) => ({ job, root })))
    .sort((a, b) => b.root.completed - a.root.completed);
  if (withRoots.length === 0) {
    return card(question, 'Nowhere', 'bad', 'There is no checkpoint or savepoint.');
  }
  const last =
    newest === undefined
      ? null
      : [
          'The newest is ',
          el('bdi', {}, shown(newest.root.name)),
          ' of ',
          jobLink(newest.job),
          `, ${ago(at - newest.root.completed)}. `,
          jump('restore', 'How to restore each job'),
        ];
  if (without.length > 0) {
    const names = without.slice(0, 3).map((job, index) => [index === 0 ? '' : ', ', jobLink(job)]);
    const more = without.length > 3 ? ` and ${without.length - 3} more` : '';
    return card(
      question,
      `${count(without.length, 'job has', 'jobs have')} no restore point`,
      'bad',
      [names, more, '.'],
      last,
    );
  }
  if (unchecked.length > 0) {
    return card(
      question,
      `${count(unchecked.length, 'job')} not checked`,
      'plain',
      "Their checkpoints reference files outside the area, so this report can't tell whether all of these exist.",
      last,
    );
  }
  const all = jobs.reduce((sum, { restorePoints }) => sum + restorePoints, 0);
  return card(
    question,
    withRoots.length === 1 ? `${count(all, 'restore point')}` : `All ${count(withRoots.length, 'job')} can be restored`,
    findings.length > 0 ? 'bad' : 'good',
    withRoots.length === 1 ? null : `${count(all, 'restore point')}, and all their files exist.`,
    last,
  );
}

function rules({ buckets, roots }: ReportDocument): HTMLElement {
  const question = 'Do lifecycle rules do harm?';
  const dangerous = buckets.flatMap((bucket) => bucket.rules).filter((rule) => rule.dangerous);
  const broken = Math.max(0, ...dangerous.map((rule) => rule.roots));
  const breaking = dangerous.filter((rule) => rule.roots > 0);
  const unnamed = buckets.flatMap((bucket) => bucket.unnamed);
  const [first] = breaking.toSorted((a, b) => b.roots - a.roots);
  const nameOf = ({ id, position }: ReportRule) => (id === null ? `Rule ${position}` : `Rule “${shown(id)}”`);
  if (first !== undefined) {
    const when = first.dueRoots > 0 ? `; ${number(first.dueRoots)} of them any day` : '';
    const yes = first.certain
      ? `Yes: ${number(broken)} of ${number(roots)} ${broken === 1 ? 'breaks' : 'break'}`
      : `${number(broken)} of ${number(roots)} may break`;
    return card(question, yes, 'bad', [
      `${nameOf(first)} ${first.certain ? 'deletes or archives' : 'may delete or archive'} files that these checkpoints and savepoints need${when}.`,
      ' ',
      jump('rules', 'Which, and when'),
    ]);
  }
  if (unnamed.length > 0) {
    return card(
      question,
      'Yes',
      'bad',
      'They delete files that jobs need although no checkpoint references them.',
      jump('rules', 'Which'),
    );
  }
  const [coming] = dangerous;
  if (coming !== undefined) {
    return card(
      question,
      'They may',
      'bad',
      `${nameOf(coming)} may delete or archive files of checkpoints and savepoints to come.`,
      jump('rules', 'Which'),
    );
  }
  if (buckets.some(({ known }) => !known)) {
    return card(question, 'Not known', 'bad', 'The rules of a bucket could not be read.');
  }
  return buckets.length === 0
    ? card(question, 'Not checked', 'plain', 'These are local directories, or no rules were given.')
    : card(question, 'No', 'good', 'No lifecycle rule deletes files that a restore needs.');
}
