import type { ReportBucket, ReportDocument, ReportRule } from '../model/document.ts';
import { type Child, dataTable, disclosure, el } from './dom.ts';
import { count, day, duration, shown } from './format.ts';
import { hashOf } from './links.ts';

/** What the lifecycle rules of the buckets do to checkpoints. */

export function rulesSection(report: ReportDocument, only?: string): Child {
  const { buckets } = report;
  if (buckets.length === 0) {
    return el('p', { class: 'soft' }, 'No rules were looked at: the area is no bucket, or none were given.');
  }
  return buckets.map((bucket) => bucketRules(report, bucket, only));
}

function bucketRules(
  report: ReportDocument,
  { bucket, known, rules, unnamed, unknown }: ReportBucket,
  only?: string,
): Child {
  const told = rules.filter(({ hazards }) => only === undefined || hazards.some(({ label }) => label === only));
  return [
    el('h3', {}, bucket === null ? 'Rules from a file' : `Rules of ${shown(bucket)}`),
    known ? null : el('p', { class: 'bad' }, 'The rules could not be read.'),
    known && rules.length === 0 ? el('p', {}, 'The bucket has no rules for these keys.') : null,
    told.map((rule) => ruleOf(report, rule, only)),
    [...unnamed.map((sentence) => el('p', { class: 'bad' }, `! ${shown(sentence)}`))],
    [...unknown.map((sentence) => el('p', { class: 'soft' }, shown(sentence)))],
  ];
}

function ruleOf(report: ReportDocument, rule: ReportRule, only?: string): Child {
  const hazards = rule.hazards.filter(({ label }) => only === undefined || label === only);
  const name = rule.id === null ? `Rule ${rule.position}` : `Rule “${shown(rule.id)}”`;
  const breaks = rule.roots > 0 ? 'break checkpoints' : 'break checkpoints to come';
  const badge = rule.dangerous
    ? `${rule.certain && rule.roots > 0 ? breaks.replace('break', 'breaks') : `may ${breaks}`}`
    : rule.enabled
      ? 'deletes no live file'
      : 'disabled';
  return el(
    'div',
    { class: 'rule' },
    el('h4', {}, name, ' ', el('span', { class: `badge ${rule.dangerous ? 'bad' : 'plain'}` }, badge)),
    el('p', {}, shown(rule.sentence)),
    hazards.length === 0
      ? null
      : disclosure(`What it breaks first (${count(hazards.length, 'checkpoint')} of ${rule.roots})`, () =>
          dataTable(
            `What ${name} breaks`,
            [
              'Checkpoint',
              'Job',
              'Breaks',
              { content: 'Files', right: true },
              'The first file',
              { content: 'Its age', right: true },
            ],
            hazards.map((hazard) => [
              shown(hazard.root),
              { content: el('a', { href: hashOf(hazard) }, el('bdi', {}, shown(hazard.label))) },
              hazard.due ? { content: 'any day', class: 'bad' } : day(hazard.breaksAt),
              { content: String(hazard.objects), right: true },
              { content: el('code', {}, shown(hazard.firstObject)), class: 'key' },
              {
                content: `${hazard.firstOutside ? 'at least ' : ''}${duration(report.at - hazard.firstModified)}`,
                right: true,
              },
            ]),
          ),
        ),
  );
}
