import pc from 'picocolors';
import type { Status } from '#cli/errors.ts';
import type { Io } from '#cli/io.ts';
import { run } from '#cli/program.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, NOW, PlayedJob } from '#test/support/played-job.ts';
import type { Tree } from '#test/support/temp-directory.ts';
import { requirePrintedDocument } from './fits-document.ts';

export interface Ran {
  readonly status: Status;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as `main.ts` does, but in this process, with the tests' clock and nothing of a terminal. */
export async function steward(
  cwd: string,
  args: readonly string[],
  columns = 100,
  errorColumns?: number,
): Promise<Ran> {
  return await runCaptured(args, { cwd, clock: () => NOW, columns, errorColumns });
}

/**
 * Runs the command in this process, without colours, and keeps what it prints.
 *
 * @throws where it prints another document than the published one.
 */
export async function runCaptured(
  args: readonly string[],
  io: Omit<Io, 'user' | 'colors' | 'out' | 'err'>,
): Promise<Ran> {
  let out = '';
  let err = '';
  const status = await run(args, {
    ...io,
    user: 'ops@host',
    colors: pc.createColors(false),
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  requirePrintedDocument(args, out);
  return { status, out, err };
}

/** The one document that `--json` prints; fails the test where there is anything else. */
export function documentOf({ out }: Ran): Record<string, unknown> {
  const document: unknown = JSON.parse(out);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new Error(`That is no JSON object: ${out}`);
  }
  return { ...document };
}

/** The lines of a file of JSON documents. */
export function linesOf(text: string): readonly Record<string, unknown>[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') {
    throw new Error('The last line has no end.');
  }
  return lines.map((line): Record<string, unknown> => ({ ...JSON.parse(line) }));
}

/** What a command that changes nothing says of an area that is a part of a bucket, on stderr. */
export function restUnseen(bucket: string): string {
  return `Note: The rest of s3://${bucket}, outside the area, has not been listed completely yet. Checkpoints there that reference files in the area are not known; a run that deletes waits for that.\n`;
}

/** What the jobs of a copied bucket wrote, as files for a folder. */
export function bucketFiles(play: (store: MovingStore) => void): Tree {
  const store = new MovingStore({ now: NOW });
  play(store);
  return store.files();
}

/** A job of `s3://bucket` with one restore point, one live file and one that is garbage. */
export function smallJob(directory?: string): Tree {
  return bucketFiles((store) => {
    const job = new PlayedJob(store, directory);
    job.complete(7, [job.upload(1)]);
    job.upload(2);
  });
}

/** The same, but the live file is missing, and nothing goes on from the checkpoint. */
export function damagedJob(): Tree {
  return bucketFiles((store) => {
    const job = new PlayedJob(store);
    job.complete(6, [job.upload(1)], NOW - 3 * DAY);
    job.complete(7, [job.file(1), job.file(2)]);
  });
}

/** The same files in a folder of that name. */
export function below(folder: string, tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([path, file]) => [`${folder}/${path}`, file]));
}
