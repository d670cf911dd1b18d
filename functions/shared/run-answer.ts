import * as z from 'zod';
import type { RunReport } from '#steward/documents.ts';
import { INTERRUPTED } from '#steward/run.ts';
import { planOfRun } from '#steward/run-document.ts';
import type { Steward } from '#steward/steward.ts';
import { FUNCTION_METRICS, type Runtime } from './runtime.ts';

/** The answer of a function about a run. Its size does not depend on the size of the area. */

const amount = z.object({ objects: z.number(), bytes: z.number() });

export const runAnswerSchema = z.object({
  run: z.string().describe('name of the run, for history and undo'),
  result: z
    .enum(['done', 'nothing-to-do', 'observed', 'stopped', 'undecidable', 'failed'])
    .describe('how the run ended; observed: a dry run'),
  why: z.string().nullable().describe('why it stopped or failed, or did only a part, as a sentence'),
  total: amount.describe('all objects in the area'),
  live: amount.describe('objects that a checkpoint or savepoint references'),
  quarantined: amount.describe('garbage in quarantine'),
  deletable: amount.describe('objects that this run may delete'),
  deleted: amount.describe('objects that this run deleted'),
  kept: z.number().describe('objects that were to be deleted but were kept'),
  refused: z.number().describe('of these, the ones that the store refused to delete'),
  roots: z.number().describe('number of checkpoints and savepoints'),
  retired: z.number().describe('number of checkpoints and savepoints that this run retired'),
  breakers: z.array(z.string()).describe('names of the tripped breakers'),
  findings: z.array(z.string()).describe('what to act on; at most ten sentences'),
  notes: z.array(z.string()).describe('what else to know; at most ten sentences'),
});
export type RunAnswer = z.output<typeof runAnswerSchema>;

const MOST_SENTENCES = 10;

/** Makes the answer about a run, and writes the run to the log and the metrics. */
export function runAnswer(report: RunReport, steward: Steward, runtime: Runtime): RunAnswer {
  const { record } = report;
  const found = planOfRun(steward, report);
  const answer: RunAnswer = {
    run: record.run,
    result: record.result,
    why: record.why,
    total: record.total,
    live: record.live,
    quarantined: record.quarantined,
    deletable: record.deletable,
    deleted: record.deleted,
    kept: record.kept,
    refused: record.refused,
    roots: record.roots,
    retired: record.retired,
    breakers: record.breakers,
    findings: fewOf(found.findings.map(({ sentence }) => sentence)),
    notes: fewOf([...steward.notes.all, ...found.notes]),
  };
  if (record.result === 'undecidable') runtime.count(FUNCTION_METRICS.undecidable);
  // Where the store refused all, the alarm on refusals tells more; and a run whose time was over is continued.
  const isOver = record.why === INTERRUPTED;
  if (record.result === 'stopped' && record.refused === 0 && !isOver) runtime.count(FUNCTION_METRICS.stopped);
  if (record.refused > 0) runtime.count(FUNCTION_METRICS.refused, record.refused);
  runtime.count(FUNCTION_METRICS.deletedObjects, record.deleted.objects);
  runtime.count(FUNCTION_METRICS.deletedBytes, record.deleted.bytes);
  runtime.count(FUNCTION_METRICS.retired, record.retired);
  const hindered = record.result === 'undecidable' || record.result === 'stopped' || record.refused > 0;
  runtime.log(hindered ? 'warn' : 'info', record.why ?? `Run ${record.run}: ${record.result}.`, answer);
  return answer;
}

/** The first sentences, and the number of the others. */
export function fewOf(sentences: readonly string[], most: number = MOST_SENTENCES): string[] {
  return sentences.length <= most
    ? [...sentences]
    : [...sentences.slice(0, most - 1), `And ${sentences.length - most + 1} more.`];
}
