import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { run } from '#cli/program.ts';
import type { VerdictLine } from '#operations/report/verdict-line.ts';
import { jobIds, type RecordedBucket, SHORT_RULES } from './corpus.ts';

export interface PlannedBucket {
  readonly status: number;
  readonly verdicts: ReadonlyMap<string, VerdictLine['verdict']>;
}

/** The keys of one verdict, in order. */
export function keysOf({ verdicts }: PlannedBucket, wanted: VerdictLine['verdict']): readonly string[] {
  return [...verdicts].flatMap(([key, verdict]) => (verdict === wanted ? [key] : [])).sort();
}

/**
 * What `steward plan` says of a recorded bucket behind an endpoint, with all its jobs declared dead and short rules:
 * nothing but the argument itself protects. Credentials come from the environment.
 */
export async function planBucket(
  recording: RecordedBucket,
  { endpoint, clock }: { readonly endpoint: string; readonly clock: () => number },
): Promise<PlannedBucket> {
  const folder = await mkdtemp(join(tmpdir(), 'flink-steward-plan-'));
  try {
    const config = join(folder, 'steward.json');
    await writeFile(
      config,
      JSON.stringify({
        collect: SHORT_RULES,
        deadJobs: jobIds(recording),
      }),
    );
    const out = join(folder, 'verdicts.ndjson');
    const status = await run(
      [
        ...[
          'plan',
          `s3://${recording.bucket}`,
          '--config',
          config,
          '--assume-quarantined',
          '--verdicts',
          out,
          '--json',
        ],
        ...['--endpoint', endpoint, '--region', 'us-east-1', '--path-style'],
      ],
      { cwd: folder, clock, columns: 100, colors: pc.createColors(false), out: () => {}, err: () => {} },
    );
    const lines = (await textOf(out)).split('\n').filter((line) => line !== '');
    const verdicts = lines.map((line) => JSON.parse(line) as VerdictLine);
    return { status, verdicts: new Map(verdicts.map(({ key, verdict }) => [key, verdict])) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where nothing could be listed, there are no verdicts. */
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}
