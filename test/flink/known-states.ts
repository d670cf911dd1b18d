/** The job of which everything is known (`steward.lab.KnownStates`), and what the steward says of its states. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { JobStatesView, StatesReport, StateView } from '#steward/states.ts';
import type { VerifyReport } from '#steward/verify.ts';
import type { FlinkBuild, FlinkLine } from './flink-build.ts';
import { readByFlink } from './flinks-reader.ts';
import { CHANGELOG, COMMON_OPTIONS, FILE_MERGING, FORST, ROCKSDB } from './job-options.ts';
import { Lab, LabError, type Options } from './lab.ts';
import { BOTH, NEW, NONE } from './scenarios.ts';
import type { Command } from './steward.ts';

/** How the job keeps its states. */
export interface KnownStates {
  readonly name: string;
  readonly flink: readonly FlinkLine[];
  /** Whether it belongs to the set that is played by `npm run test:flink`. */
  readonly quick: readonly FlinkLine[];
  readonly options: Options;
  /** Its files tell of no single states. @default they do */
  readonly undivided?: true;
  /** Its files hold what was materialized, and a changelog the rest: then they tell of fewer entries. */
  readonly partly?: true;
  /** Goes on with so many subtasks from a checkpoint with two. */
  readonly rescaled?: number;
}

export const KNOWN_STATES: readonly KnownStates[] = [
  { name: 'known states, rocksdb', flink: BOTH, quick: BOTH, options: ROCKSDB },
  { name: 'known states, rocksdb, rescaled', flink: BOTH, quick: NONE, options: ROCKSDB, rescaled: 3 },
  { name: 'known states, changelog', flink: BOTH, quick: NONE, options: CHANGELOG, partly: true },
  { name: 'known states, file merging', flink: BOTH, quick: NONE, options: FILE_MERGING },
  { name: 'known states, forst', flink: NEW, quick: NONE, options: FORST },
  {
    name: 'known states, heap',
    flink: BOTH,
    quick: NONE,
    options: { 'state.backend.type': 'hashmap' },
    undivided: true,
  },
];

/** As the job has them. */
const KEYS = 6_000;
const ENTRIES = 5;
const PAYLOAD_BYTES = 1_000;
/** Of the payload; it is sent four of five keys. */
const LEAST_SHARE_OF_FIRST = 0.7;
/**
 * Before compaction a key counts once for each write. Rescaled, the job writes each once more, and files hold keys that
 * are another subtask's now.
 */
const MOST_VERSIONS = 3;
/** What serializers put around a value: a length, a time stamp of the TTL. */
const MOST_AROUND = 16;

const STATES: Readonly<
  Record<string, { readonly type: string | null; readonly hasTtl: boolean; readonly entries: number }>
> = {
  counter: { type: 'VALUE', hasTtl: false, entries: KEYS },
  payload: { type: 'VALUE', hasTtl: false, entries: KEYS },
  entries: { type: 'MAP', hasTtl: false, entries: KEYS * ENTRIES },
  events: { type: 'LIST', hasTtl: true, entries: KEYS },
  session: { type: 'VALUE', hasTtl: true, entries: KEYS },
  cleared: { type: 'VALUE', hasTtl: false, entries: 0 },
  '_timer_state/processing_user-timers': { type: null, hasTtl: false, entries: KEYS },
};

const run = promisify(execFile);
const LIMIT = 2 * 60_000;
const POLL = 300;
const CHECKPOINTS_AFTER = 4;

/** @returns what is wrong, in sentences. */
export async function playKnownStates(
  known: KnownStates,
  build: FlinkBuild,
  steward: Command,
  folder: string,
): Promise<readonly string[]> {
  const place = join(folder, 'state');
  await mkdir(place, { recursive: true });
  await write(known, build, place, folder);
  const { stdout } = await run(steward[0] ?? '', [...steward.slice(1), 'states', place, '--json'], { timeout: LIMIT });
  const { jobs } = JSON.parse(stdout) as StatesReport;
  const [job] = jobs.toSorted((one, other) => completedOf(other) - completedOf(one));
  if (job?.root == null) return ['The steward found no checkpoint.'];
  return [
    ...(await sumsOf(job, build, place)),
    ...(known.undivided ? [] : [...namesOf(job, known), ...skewOf(job, known), ...(await verified(steward, place))]),
  ];
}

async function write(known: KnownStates, build: FlinkBuild, place: string, folder: string): Promise<void> {
  const options = {
    ...COMMON_OPTIONS,
    'execution.checkpointing.timeout': '60 s',
    'execution.checkpointing.dir': `file://${place}/checkpoints`,
    ...Object.fromEntries(
      Object.entries(known.options).map(([key, value]) => [key, value.replace('{place}', `file://${place}`)]),
    ),
    'lab.job': 'known-states',
  };
  const lab = await Lab.open(build, options, join(folder, 'jobs.log'));
  try {
    await lab.ask('start');
    await untilWritten(lab);
    if (known.rescaled !== undefined) {
      await lab.ask('cancel');
      const from = {
        'execution.savepoint.path': `file://${await newest(place)}`,
        'execution.savepoint-restore-mode': 'NO_CLAIM',
      };
      await lab.ask('start', { ...from, 'lab.parallelism': `${known.rescaled}` });
      await untilWritten(lab);
    }
  } finally {
    await lab.kill();
  }
}

/** Until all keys were sent, and checkpoints have completed after that. */
async function untilWritten(lab: Lab): Promise<void> {
  const begin = Date.now();
  let sentAt: number | null = null;
  for (let completed = 0; sentAt === null || completed < sentAt + CHECKPOINTS_AFTER; ) {
    if (Date.now() > begin + LIMIT) throw new Error('The job with known states did not come so far in time.');
    await sleep(POLL);
    try {
      const [, checkpoints = '0'] = await lab.ask('status');
      completed = Number(checkpoints);
      if ((await lab.ask('emitted'))[0] === 'true') sentAt ??= completed;
    } catch (error) {
      // While a job is made ready, nobody can be asked.
      if (!(error instanceof LabError)) throw error;
    }
  }
}

async function newest(place: string): Promise<string> {
  const checkpoints: { readonly path: string; readonly at: number }[] = [];
  for (const path of await readdir(join(place, 'checkpoints'), { recursive: true })) {
    if (!/\/chk-\d+\/_metadata$/.test(path)) continue;
    const file = join(place, 'checkpoints', path);
    checkpoints.push({ path: file.slice(0, -'/_metadata'.length), at: (await stat(file)).mtimeMs });
  }
  const [last] = checkpoints.toSorted((one, other) => other.at - one.at);
  if (last === undefined) throw new Error('There is no checkpoint.');
  return last.path;
}

function completedOf({ root }: JobStatesView): number {
  return root === null ? 0 : Date.parse(root.completed);
}

/** Operators against Flink's own count, states against operators, files against the disk. */
async function sumsOf(
  { root, operators, states, uncountedBytes }: JobStatesView,
  build: FlinkBuild,
  place: string,
): Promise<readonly string[]> {
  const objections: string[] = [];
  const demand = (holds: boolean, otherwise: string): void => {
    if (!holds) objections.push(otherwise);
  };
  const path = (root?.path ?? '').replace(/^file:(?:\/\/)?/, '');
  const flinks = (await readByFlink(build, place)).find(({ file }) => file === join(path, '_metadata'));
  if (flinks === undefined || 'error' in flinks) return [`Flink did not read ${path}.`];
  for (const { id, stateBytes, newBytes } of flinks.operators) {
    const ours = operators.operators.find((operator) => operator.id === id);
    const sum = states.filter(({ operator }) => operator === id).reduce((all, { bytes }) => all + bytes, 0);
    demand((ours?.bytes ?? 0) === stateBytes, `Flink counts ${stateBytes} bytes of ${id}, the steward ${ours?.bytes}.`);
    demand(
      (ours?.newBytes ?? 0) === newBytes,
      `Flink counts ${newBytes} new bytes of ${id}, the steward ${ours?.newBytes}.`,
    );
    demand(sum === stateBytes, `The states of ${id} sum up to ${sum} bytes in place of ${stateBytes}.`);
  }
  let onDisk = flinks.inlineBytes;
  for (const file of flinks.distinctPaths) onDisk += (await stat(file.replace(/^file:(?:\/\/)?/, ''))).size;
  demand(operators.bytes + uncountedBytes === onDisk, `Files and inline state have ${onDisk} bytes.`);
  return objections;
}

/** Names, kinds, TTLs, entries and values against what the job wrote. */
function namesOf({ states }: JobStatesView, { partly }: KnownStates): readonly string[] {
  const objections = Object.entries(STATES).flatMap(([name, { type, hasTtl, entries }]) => {
    const found = states.find(({ state }) => state === name);
    if (found === undefined) return [`State ${name} is missing.`];
    return [
      ...(found.type === type && found.hasTtl === hasTtl
        ? []
        : [`${name} is said to be ${found.type}, TTL ${found.hasTtl}.`]),
      ...(entries === 0 || partly || holds(found, entries)
        ? []
        : [`${name} is said to have ${found.entries} entries, not ${entries}.`]),
    ];
  });
  const payload = states.find(({ state }) => state === 'payload');
  const mean = payload?.meanValueBytes ?? 0;
  if (mean < PAYLOAD_BYTES || mean > PAYLOAD_BYTES + MOST_AROUND)
    objections.push(`A payload is said to have ${mean} bytes.`);
  const unread = states.find(({ kind }) => kind === 'unread');
  if (unread !== undefined) objections.push(`${unread.bytes} bytes are of no state.`);
  return objections;
}

/** The source sends most keys to the first of two subtasks. */
function skewOf({ states }: JobStatesView, { rescaled, partly }: KnownStates): readonly string[] {
  const payload = states.find(({ state }) => state === 'payload');
  const { subtask, bytes } = payload?.skew ?? { subtask: null, bytes: 0 };
  const isSeen = subtask === 0 && bytes > (payload?.bytes ?? 0) * LEAST_SHARE_OF_FIRST;
  return isSeen || partly || rescaled !== undefined
    ? []
    : [`The first subtask is said to hold ${bytes} bytes of the payload.`];
}

function holds({ entries, deletions }: StateView, expected: number): boolean {
  return entries !== null && entries - (deletions ?? 0) >= expected && entries <= expected * MOST_VERSIONS;
}

/** All files are whole; and one that is overwritten with as many bytes is found. */
async function verified(steward: Command, place: string): Promise<readonly string[]> {
  const before = await verify(steward, place);
  const all = before.report.jobs.every(({ stateFiles, looked }) => looked === stateFiles);
  const objections = before.status === 0 && all ? [] : [`A whole state is not found so: ${JSON.stringify(before)}`];
  const victim = await aStateFile(place);
  await writeFile(victim, Buffer.alloc((await stat(victim)).size, 'x'));
  const after = await verify(steward, place);
  const isNamed = after.report.jobs.some(({ broken }) => broken.some(({ url }) => url.endsWith(victim)));
  return after.status === 1 && isNamed ? objections : [...objections, `An overwritten file is not found: ${victim}`];
}

async function verify(
  steward: Command,
  place: string,
): Promise<{ readonly status: number; readonly report: VerifyReport }> {
  const args = [...steward.slice(1), 'verify', place, '--json'];
  const { stdout, code } = await run(steward[0] ?? '', args, { timeout: LIMIT }).then(
    ({ stdout: text }) => ({ stdout: text, code: 0 }),
    (error: { readonly stdout?: string; readonly code?: number }) => ({
      stdout: error.stdout ?? '',
      code: error.code ?? -1,
    }),
  );
  return { status: code, report: JSON.parse(stdout) as VerifyReport };
}

/** One of those that the newest checkpoint names: the largest, which is of the payload. */
async function aStateFile(place: string): Promise<string> {
  const metadata = await readFile(join(await newest(place), '_metadata'), 'latin1');
  const paths = [...new Set(metadata.match(/file:\/[\w./-]+\/(?:shared|taskowned)\/[\w./-]+/g) ?? [])].map((path) =>
    path.replace(/^file:(?:\/\/)?/, ''),
  );
  const sized = await Promise.all(paths.map(async (path) => ({ path, size: (await stat(path)).size })));
  const [largest] = sized.toSorted((one, other) => other.size - one.size);
  if (largest === undefined) throw new Error('The newest checkpoint names no file.');
  return largest.path;
}
