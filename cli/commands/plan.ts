import { resolve } from 'node:path';
import type { Command } from 'commander';
import { csvLines } from '#core/csv.ts';
import type { PlanPart, PlanReport } from '#steward/documents.ts';
import { LeaseHeldError } from '#steward/expected-errors.ts';
import type { Look } from '#steward/look.ts';
import { partOfPlan } from '#steward/part-of-plan.ts';
import { originOf, type PlanOrigin, planLines } from '#steward/plans.ts';
import { planOfLook, planOfRun, RULE_ORDERS, type RuleOrder, sortRules, verdictLines } from '#steward/run-document.ts';
import { newRun } from '#steward/run-identity.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { requireLedger } from '../choose-ledger.ts';
import { refuseEmptiness, refuseEmpty } from '../empty-area.ts';
import { type Status, statusOfArea } from '../errors.ts';
import type { Io } from '../io.ts';
import { judgePrepared } from '../judge-area.ts';
import { answerAs, offersCsv } from '../output-format.ts';
import { parseCount } from '../parse-count.ts';
import { openedLocations, planShards, refuseMixed } from '../plan-shards.ts';
import { type PreparedArea, prepareArea } from '../prepare-area.ts';
import { afterPlan, printPlan } from '../print/plan.ts';
import { complainOf } from '../print/problems.ts';
import { note } from '../print/stderr.ts';
import { runArea } from '../run-area.ts';
import { sortOption } from '../sort-option.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';
import { RULE_COLUMNS, VERDICT_COLUMNS } from '../tables/verdicts.ts';
import { jsonLines, writeLines } from '../write-lines.ts';

interface PlanOptions extends AreaOptions {
  readonly verdicts?: string;
  readonly out?: string;
  readonly assumeQuarantined?: true;
  readonly job?: string;
  readonly sort?: RuleOrder;
  readonly shards?: number;
  readonly atOnce?: number;
}

export function addPlan(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    offersCsv(
      addAreaOptions(
        program
          .command('plan')
          .summary('the verdict on every object, and why')
          .description(
            'Judges every object in the area: whether it would be deleted or kept, and by which rule. Deletes nothing. With a ledger the plan counts as a run: garbage is recorded, and its quarantine begins. Without a ledger all garbage is in quarantine.',
          )
          .argument(
            '[location...]',
            'buckets (s3://bucket/prefix) or directories with Flink checkpoints (default: "area" of steward.json)',
          )
          .option(
            '--verdicts <file>',
            'write one line of JSON for each object, or with --format csv a table (best outside the locations)',
          )
          .option(
            '--out <file>',
            'write the plan, for "steward apply": one line of JSON for each object that would be deleted',
          )
          .option('--assume-quarantined', 'look ahead: judge as if the quarantine of all garbage had ended')
          .option(
            '--job <job>',
            'count and write only the objects of this job, by its label, its id, or the first digits of its id (at least four); the whole area is judged all the same',
          )
          .addOption(sortOption(RULE_ORDERS, 'sort the rules, the largest first'))
          .option(
            '--shards <number>',
            'divide the area into so many parts and judge them one by one, so that memory does not grow with the area; the verdicts are the same',
            parseCount,
          )
          .option('--at-once <number>', 'with --shards: how many parts are worked on at once (default: 2)', parseCount),
      ),
    ),
    { options: ['job', 'sort'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward plan s3://my-bucket/flink
  steward plan s3://my-bucket/flink --ledger s3://my-ledger/flink --out plan.ndjson
  steward plan ./copy --as s3://my-bucket --assume-quarantined --verdicts verdicts.ndjson
  steward plan s3://my-large-bucket/flink --shards 40
  jq -r 'select(.verdict == "delete") | .key' verdicts.ndjson`,
    )
    .action(async (places: string[], options: PlanOptions) => {
      const files: string[] = [];
      let remembered = true;
      const { job, sort, ...others } = options;
      const typed = { places, options: others };
      const local = async () => {
        const planned = await planHere(places, options, io, files);
        remembered = planned.remembered;
        return { report: planned.report, plan: options.out ?? null, empty: null };
      };
      const { report: found, plan, empty } = await answered(typed, { action: 'plan', job }, io, local);
      refuseEmpty(empty);
      const next = { file: plan ?? undefined, remembered, typed };
      const report = sort === undefined ? found : { ...found, reasons: sortRules(found.reasons, sort) };
      if (options.format === 'csv') complainOf({ ...report, findings: [...report.breakers, ...report.findings] }, io);
      io.out(
        answerAs(options, {
          document: () => report,
          text: () => printPlan(report, files, afterPlan(report, next, io), io),
          columns: RULE_COLUMNS,
          rows: report.reasons,
        }),
      );
      finish(statusOfArea(report.undecidable, report.findings.length > 0 || report.breakers.length > 0));
    });
}

/** @param files receives what was written. */
async function planHere(places: readonly string[], options: PlanOptions, io: Io, files: string[]) {
  const { assumeQuarantined, shards } = options;
  refuseMixed(options);
  const outputs = [
    { option: '--verdicts', file: options.verdicts },
    { option: '--out', file: options.out },
  ].flatMap(({ option, file }) => (file === undefined ? [] : [{ option, file }]));
  const prepared = await prepareArea(places, options, io, { assumeQuarantined, outputs });
  if (shards !== undefined) return await planShards(prepared, { ...options, shards }, io, files);
  const { survey, verdicts, document: report, origin, part } = await planArea(prepared, options, io);
  const chosen = (object: number): boolean => part?.has(object) ?? true;
  if (options.verdicts !== undefined) {
    const begins = origin.ledger === null ? null : survey.start;
    const lines = verdictLines(survey, verdicts, begins, chosen);
    await writeLines(
      resolve(io.cwd, options.verdicts),
      options.format === 'csv' ? csvLines(VERDICT_COLUMNS, lines) : jsonLines(lines),
      io.signal,
    );
    files.push(`${options.verdicts} (${part === undefined ? 'all verdicts' : `the verdicts on ${part.job}`})`);
  }
  if (options.out !== undefined) {
    await writeLines(
      resolve(io.cwd, options.out),
      jsonLines(planLines({ survey, verdicts, origin, chosen })),
      io.signal,
    );
    files.push(`${options.out} (the plan)`);
  }
  refuseEmptiness(survey);
  return { report, remembered: origin.ledger !== null };
}

interface Planned extends Pick<Look, 'survey' | 'verdicts'> {
  readonly document: PlanReport;
  readonly origin: PlanOrigin;
  /** Undefined where all objects are counted. */
  readonly part: PlanPart | undefined;
}

/** Makes the plan. Where there is a ledger, the plan is a run with a record, so that it counts for the quarantine. */
async function planArea(prepared: PreparedArea, { job, assumeQuarantined }: PlanOptions, io: Io): Promise<Planned> {
  const { ledger, steward } = prepared;
  const lookAhead = assumeQuarantined === true;
  const partIn = (judged: Pick<Look, 'survey' | 'totals'>): PlanPart | undefined =>
    job === undefined ? undefined : partOfPlan(job, judged, steward);
  const locations = openedLocations(prepared, io);
  if (ledger !== null && (ledger.named || ledger.exists) && !lookAhead) {
    try {
      const report = await runArea(prepared, { command: 'plan', execute: false, retires: false, sweep: null }, io);
      const origin = await originOf(requireLedger(steward), report, locations);
      const part = partIn(report);
      return { ...report, document: planOfRun(steward, report, part), origin, part };
    } catch (error) {
      if (!(error instanceof LeaseHeldError)) {
        throw error;
      }
      note(`${error.message} The plan is still made, but it does not count as a run.`, io);
    }
  }
  const judged = await judgePrepared(prepared);
  const { run: id } = newRun(steward.clock);
  const part = partIn(judged);
  return {
    ...judged,
    part,
    document: planOfLook(steward, judged, part),
    origin: { id, ledger: null, ledgerPlace: null, locations, lookAhead },
  };
}
