import { type AuditReport, describeStaying, GROUP_NAMES, GROUP_WORDS, type JobAudit } from '#steward/audit.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { printCost, printMoney } from './cost.ts';
import { type JobOverTime, printGrowth } from './growth.ts';
import { printHeading } from './heading.ts';
import { jobNames, jobNamesById } from './job-names.ts';
import { printLifecycle } from './lifecycle.ts';
import { auditLine } from './one-line.ts';
import { printOperators } from './operators.ts';
import { printFindings, printNotes, printUndecidable } from './problems.ts';
import { printBucketRules, printRulesPointer } from './rules.ts';
import {
  age,
  bytes,
  type Column,
  count,
  NARROWEST_WRAP,
  paragraph,
  printable,
  roomFor,
  shorten,
  table,
} from './text.ts';

const JOBS_SHOWN = 40;
const WIDEST_LABEL = 44;
/** The states of jobs where there is no room for words. */
const MARKS = { running: '●', silent: '?', ended: '–' } as const;

/** @param typed the command, of which the next ones are made. */
export function printAudit(report: AuditReport, io: Io, typed: TypedArea): string {
  if (io.isQuiet) return auditLine(report);
  const { groups, total } = report;
  const { green } = io.colors;
  const names = jobNames(report.jobs);
  const head = [
    printHeading('Flink state in', report.area, report.start, io),
    `${count(total.objects, 'object')}, ${bytes(total.bytes)}; ${count(report.roots, 'checkpoint or savepoint', 'checkpoints and savepoints')}\n`,
  ].join('');
  const summary = table(
    [{ head: '' }, { head: 'objects', right: true }, { head: 'size', right: true }, { head: '', wrap: true }],
    GROUP_NAMES.filter((group) => groups[group].objects > 0 || group === 'live' || group === 'reclaimable').map(
      (group) => {
        const { name, what } = GROUP_WORDS[group];
        return row(group === 'reclaimable' ? green(name) : name, groups[group], what);
      },
    ),
    io,
  );
  return [
    head,
    '\n',
    printMoney(report, io),
    '\n',
    summary,
    '\n',
    printJobs(report.jobs, names, io),
    printOperatorsOf(report.jobs, names, io),
    printGrowth(overTime(report.jobs, names), io),
    report.cost === null ? '' : printCost(report.cost, report.jobs, names, io),
    printStaying(report, io),
    printDamaged(report, io),
    printBuckets(report, io, typed),
    printUndecidable(report.undecidable, io),
    printFindings(
      // Findings about lifecycle rules were printed above, with every root that the rules break.
      report.findings.filter(({ kind }) => kind !== 'lifecycle-rule').map(({ sentence }) => sentence),
      io,
    ),
    printNotes(report.notes, io),
    nextStep(report, typed, io),
  ].join('');
}

/** For rules from a file, what they do; for buckets that were asked, everything that is known about their rules. */
function printBuckets({ buckets, lifecycle, jobs }: AuditReport, io: Io, typed: TypedArea): string {
  const names = jobNamesById(jobs);
  if (buckets.length === 0) {
    return lifecycle === null ? '' : printLifecycle(lifecycle, io, names);
  }
  const printed = buckets.map((bucket) => printBucketRules(bucket, io, names));
  return [...printed, printRulesPointer(buckets, typed)].join('');
}

/** All submissions with the same label count as one job over time. */
function overTime(jobs: readonly JobAudit[], names: readonly string[]): readonly JobOverTime[] {
  const byLabel = new Map<string, JobOverTime>();
  for (const [at, { label, outlook }] of jobs.entries()) {
    if (!byLabel.has(label)) {
      byLabel.set(label, { name: names[at] ?? label, outlook });
    }
  }
  return [...byLabel.values()];
}

function row(name: string, { objects, bytes: size }: { objects: number; bytes: number }, what: string): string[] {
  return [name, objects.toLocaleString('en-US'), bytes(size), what];
}

function printJobs(jobs: readonly JobAudit[], names: readonly string[], io: Io): string {
  // The name and its comma must fit into this column at its narrowest.
  const isWide = io.columns >= 100;
  const root = Math.max(NARROWEST_WRAP - 1, Math.min(31, io.columns - 97));
  const cells = jobs.slice(0, JOBS_SHOWN).map((job, at) => {
    const other = job.total.bytes - job.groups.live.bytes - job.groups.reclaimable.bytes;
    return [
      names[at] ?? '',
      isWide ? job.state : MARKS[job.state],
      bytes(job.groups.live.bytes),
      bytes(job.groups.reclaimable.bytes),
      other === 0 ? '-' : bytes(other),
      `${job.checkpoints}${job.savepoints === 0 ? '' : ` +${job.savepoints} sp`}`,
      newestOf(job, root, io),
    ];
  });
  const columns: readonly Column[] = [
    { head: 'job' },
    { head: isWide ? 'state' : '' },
    { head: 'live', right: true },
    { head: 'reclaimable', right: true },
    { head: 'other', right: true },
    { head: 'chk', right: true },
    { head: 'newest restore point', wrap: true },
  ];
  const label = Math.min(WIDEST_LABEL, roomFor(0, columns, cells, io.columns));
  const rows = cells.map(([name = '', ...rest]) => [shorten(name, label, io), ...rest]);
  const more = jobs.length > JOBS_SHOWN ? `… and ${jobs.length - JOBS_SHOWN} more jobs (see --json)\n` : '';
  const legend = Object.entries(MARKS).map(([state, mark]) => `${mark} ${state}`);
  return `${table(columns, rows, io)}${more}${isWide ? '' : `\n${legend.join(', ')}\n`}`;
}

/** A label may be that of many submissions, of which most have ended. */
const JOBS_WITH_OPERATORS = 3;

function printOperatorsOf(jobs: readonly JobAudit[], names: readonly string[], io: Io): string {
  const known = jobs.flatMap(({ operators, newestRestorePoint: newest }, at) =>
    operators && newest ? [{ operators, of: `${nameOf(newest.path)} of ${names[at]}` }] : [],
  );
  const more = known.length - JOBS_WITH_OPERATORS;
  return [
    ...known
      .slice(0, JOBS_WITH_OPERATORS)
      .map(({ operators, of }) => `\n${paragraph(printable(of), io)}${printOperators(operators, io)}`),
    ...(more > 0 ? [`… and the operators of ${count(more, 'more job')} (see --json)\n`] : []),
  ].join('');
}

function newestOf({ newestRestorePoint: newest, unverified }: JobAudit, width: number, io: Io): string {
  if (newest === null) {
    return unverified > 0 ? 'not checked' : 'none';
  }
  return `${shorten(printable(nameOf(newest.path)), width, io)}, ${age(newest.ageSeconds)}`;
}

function printStaying({ staying, start }: AuditReport, io: Io): string {
  if (staying.length === 0) {
    return '';
  }
  const head = `\n${io.colors.bold('What waits or stays, and what would free it')}\n`;
  const lines = staying.map((one) => paragraph(describeStaying(one, Date.parse(start)), io, '  - ', '    '));
  return `${head}${lines.join('')}`;
}

function printDamaged({ jobs }: AuditReport, io: Io): string {
  const names = jobNames(jobs);
  const damaged = jobs.flatMap((job, at) => job.damaged.map((root) => ({ name: names[at], root })));
  if (damaged.length === 0) {
    return '';
  }
  const lines = damaged.slice(0, 10).map(({ name, root }) => {
    const text = `${nameOf(root.path)} of ${name}: ${count(root.missing, 'file')} missing or of another size, the first ${root.firstMissing}`;
    return paragraph(printable(text), io, '  - ', '    ');
  });
  const more = damaged.length > 10 ? `  … and ${damaged.length - 10} more\n` : '';
  const head = paragraph(
    "Damaged checkpoints (jobs can't be restored from them, but every file that they reference is still protected):",
    io,
  );
  return `\n${head}${lines.join('')}${more}`;
}

function nextStep({ undecidable, groups, staying }: AuditReport, typed: TypedArea, io: Io): string {
  if (undecidable.length > 0) {
    return '';
  }
  if (groups.reclaimable.objects === 0) {
    return `\n${paragraph(`Nothing was changed, and nothing can be reclaimed${staying.length > 0 ? ' now' : ''}.`, io)}`;
  }
  return [
    '\n',
    printNext('Nothing was changed. To see what would be deleted, and why:', nextCommand(['plan'], typed)),
    printNext('To see why one object is kept or deleted:', nextCommand(['explain', 'OBJECT'], typed)),
  ].join('');
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}
