/** What Flink's own reader finds in `_metadata` files, and what ours finds otherwise. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { parseFlinkPath } from '#core/flink/state-path.ts';
import { type Inspection, inspect, UnresolvableError } from '#operations/report/inspect.ts';
import { kindOf, operatorOf, VECTORS, type WhatFlinkRead } from '#test/support/vectors.ts';
import type { FlinkBuild } from './flink-build.ts';

const run = promisify(execFile);
const READING_LIMIT = 5 * 60_000;
const ALL_ANSWERS = 256 * 1024 * 1024;

/** Flink's words on one file: what it has read, or the class of its exception. */
export type FlinkAnswer = { readonly file: string } & ({ readonly error: string } | WhatFlinkRead);

/** Lays the vectors of the tree where Flink finds them: each as the `_metadata` of a folder of its name. */
export async function unpackVectors(folder: string): Promise<void> {
  for (const file of (await readdir(VECTORS)).filter((name) => name.endsWith('.metadata'))) {
    const own = join(folder, file.slice(0, -'.metadata'.length));
    await mkdir(own);
    await copyFile(join(VECTORS, file), join(own, '_metadata'));
  }
}

/**
 * Has Flink read every `_metadata` below a folder.
 *
 * @param jar whose `_metadata` files are unpacked into the folder before that
 */
export async function readByFlink(build: FlinkBuild, folder: string, jar?: string): Promise<readonly FlinkAnswer[]> {
  await mkdir(folder, { recursive: true });
  const flags = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];
  const args = [...flags, '-cp', build.classpath, 'steward.lab.Metadata', folder, ...(jar === undefined ? [] : [jar])];
  const { stdout } = await run('java', args, { timeout: READING_LIMIT, maxBuffer: ALL_ANSWERS });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FlinkAnswer);
}

/**
 * In what our reader differs from Flink's.
 *
 * @param pointer the directory of the file, as Flink was told it
 */
export async function differences(answer: FlinkAnswer, bytes: Uint8Array, pointer: string): Promise<readonly string[]> {
  const ours = await inspected(bytes, pointer);
  if ('error' in answer) return 'error' in ours ? [] : [`Flink refuses it (${answer.error}), and we read it`];
  // Flink overlooks what follows the last structure, and we don't.
  if (answer.trailingBytes > 0) return 'error' in ours ? [] : [`we overlook ${answer.trailingBytes} bytes at its end`];
  if ('error' in ours) return [`Flink reads it, and we say: ${ours.error}`];
  const theirs = {
    formatVersion: answer.formatVersion,
    checkpointId: String(answer.checkpointId),
    kind: kindOf(answer.properties),
    inlineBytes: String(answer.inlineBytes),
    references: answer.fileReferences,
    fileBytes: answer.fileLength,
    usesChangelog: Object.keys(answer.handleKinds).some((kind) => kind.includes('Changelog')),
    operators: lines(answer.operators.map(operatorOf)),
    paths: lines(answer.distinctPaths),
    state: lines(answer.operators.map(({ id, stateBytes, newBytes }) => ({ id, bytes: stateBytes, newBytes }))),
  };
  const { references, operators, state, ...rest } = ours;
  const resolved = new Set(references.map((reference) => reference.resolved));
  const stateOf = new Map(state.operators.map((operator) => [operator.id, operator]));
  const same = {
    ...rest,
    references: references.length,
    operators: lines(operators),
    paths: lines([...resolved]),
    // Flink names every operator, also one without any state.
    state: lines(
      operators.map(({ id }) => ({ id, bytes: stateOf.get(id)?.bytes ?? 0, newBytes: stateOf.get(id)?.newBytes ?? 0 })),
    ),
  };
  return Object.entries(theirs)
    .filter(([key, value]) => same[key as keyof typeof same] !== value)
    .map(([key, value]) => `${key}: Flink reads ${value}, we read ${same[key as keyof typeof same]}`);
}

async function inspected(bytes: Uint8Array, pointer: string): Promise<Inspection | { readonly error: string }> {
  const directory = parseFlinkPath(pointer);
  if (directory === null) throw new Error(`${pointer} is no path.`);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  try {
    return await inspect(chunks(), directory, bytes.length);
  } catch (error) {
    if (error instanceof MetadataError || error instanceof UnresolvableError) return { error: error.message };
    throw error;
  }
}

/** One line for each, in no order of anybody's. */
function lines(values: readonly unknown[]): string {
  const texts = values.map((value) =>
    typeof value === 'object' ? JSON.stringify(Object.entries(value ?? {}).sort()) : String(value),
  );
  return texts.sort().join('\n');
}
