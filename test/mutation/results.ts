import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** What the last run of each file has shown: `results.json`, from which docs/mutation.md is made. */

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));

const survivor = z.strictObject({
  /** The line that it begins in. */
  line: z.string(),
  /** What is replaced, and by what; both shortened. */
  code: z.string(),
  becomes: z.string(),
});

const fileResult = z.strictObject({
  /** The day, in UTC. */
  measured: z.string(),
  /** Mutants that made a test fail. */
  noticed: z.int(),
  /** Mutants that were not tried: they change what is there before any test. */
  ignored: z.int(),
  survivors: z.array(survivor),
});

const results = z.record(z.string(), fileResult);

export type Survivor = z.infer<typeof survivor>;
export type FileResult = z.infer<typeof fileResult>;
/** By the path of the file. */
export type Results = z.infer<typeof results>;

export function readResults(): Results {
  return results.parse(JSON.parse(readFileSync(RESULTS, 'utf8')));
}

export function writeResults(found: Results): void {
  const sorted = Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(RESULTS, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** What is needed of a report of Stryker ("mutation testing report schema"). */
const reportSchema = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.string(),
      mutants: z.array(
        z.looseObject({
          status: z.string(),
          replacement: z.string().optional(),
          location: z.looseObject({
            start: z.looseObject({ line: z.int(), column: z.int() }),
            end: z.looseObject({ line: z.int(), column: z.int() }),
          }),
        }),
      ),
    }),
  ),
});

type Mutant = z.infer<typeof reportSchema>['files'][string]['mutants'][number];

const NOTICED: ReadonlySet<string> = new Set(['Killed', 'Timeout']);
const UNNOTICED: ReadonlySet<string> = new Set(['Survived', 'NoCoverage']);
const LONGEST = 120;

/** @param measured the day, in UTC. */
export function resultsOf(report: unknown, measured: string): Results {
  const { files } = reportSchema.parse(report);
  return Object.fromEntries(
    Object.entries(files).map(([path, { source, mutants }]): [string, FileResult] => [
      path,
      {
        measured,
        noticed: mutants.filter(({ status }) => NOTICED.has(status)).length,
        ignored: mutants.filter(({ status }) => status === 'Ignored').length,
        survivors: mutants
          .filter(({ status }) => UNNOTICED.has(status))
          .map((mutant) => survivorOf(mutant, source.split('\n'))),
      },
    ]),
  );
}

function survivorOf({ location: { start, end }, replacement = '' }: Mutant, lines: readonly string[]): Survivor {
  const part = lines.slice(start.line - 1, end.line);
  const last = part.length - 1;
  const code = part
    .map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
    .join('\n');
  return { line: shortened(lines[start.line - 1] ?? ''), code: shortened(code), becomes: shortened(replacement) };
}

function shortened(code: string): string {
  const one = code.replaceAll(/\s+/g, ' ').trim();
  return one.length > LONGEST ? `${one.slice(0, LONGEST - 1)}…` : one;
}
