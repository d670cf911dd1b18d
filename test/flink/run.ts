/**
 * Real Flink writes, the steward collects beside it, real Flink restores: `npm run test:flink`. With `--full` every
 * scenario on each Flink, on S3 too, and the mutations.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { whatIsMissing } from '#test/support/java-tools.ts';
import { buildFlink, FLINK_LINES, type FlinkLine } from './flink-build.ts';
import { differences, readByFlink, unpackVectors } from './flinks-reader.ts';
import { GUARDED } from './guarded.ts';
import { KNOWN_STATES, playKnownStates } from './known-states.ts';
import { MUTATIONS, type Mutation } from './mutations.ts';
import { NATIVE_S3_SCENARIOS, S3_SCENARIOS } from './s3-scenarios.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { Stage, type Store } from './stage.ts';
import { buildSteward, buildUnsafeSteward, type Command } from './steward.ts';
import { printTable, type Row } from './table.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    /** Only with rules of the steward switched off, to see that the scenarios fail. */
    mutations: { type: 'boolean', default: false },
    /** Scenarios or mutations whose name contains this. */
    only: { type: 'string', default: '' },
    flink: { type: 'string' },
    /** Leaves states, logs and ledgers where they are. */
    keep: { type: 'boolean', default: false },
  },
});

const missing = await whatIsMissing();
if (missing !== null) {
  process.stdout.write(`test:flink: skipped, because this machine has no ${missing}.\n`);
  process.exit(0);
}

const scratch = await mkdtemp(join(tmpdir(), 'flink-steward-'));
const begin = Date.now();
const rows: Row[] = [];
const unseen: string[] = [];
/** What `--only` may name a part of, to have files read without any scenario. */
const READING = 'metadata read beside Flink';
let filesRead = 0;
let readOtherwise = 0;
let statesPlayed = 0;
let statesWrong = 0;
let guardsPlayed = 0;
let guardsWrong = 0;
if (!values.mutations) {
  if (READING.includes(values.only) && (values.flink ?? 'flink-2') === 'flink-2') await readBeside();
  const steward = await buildSteward();
  for (const line of FLINK_LINES.filter((name) => values.flink === undefined || values.flink === name)) {
    await playStates(line, steward);
    await playGuard(line);
    await playAll(line, 'file', SCENARIOS, steward);
    await playAll(line, 's3', S3_SCENARIOS, steward);
    await playAll(line, 'native-s3', NATIVE_S3_SCENARIOS, steward);
  }
  if (rows.length === 0 && filesRead === 0 && statesPlayed + guardsPlayed === 0) {
    process.stderr.write('No scenario is of that name and Flink.\n');
    process.exit(2);
  }
  if (rows.length > 0) printTable(rows, seconds());
}
if (values.mutations || (values.full && values.only === '')) {
  const unsafe = await buildUnsafeSteward();
  for (const mutation of MUTATIONS.filter(({ name }) => name.includes(values.only))) await mutate(mutation, unsafe);
  process.stdout.write(unseen.length === 0 ? 'Every rule that was switched off was missed.\n' : '');
}
const isWell =
  rows.every(({ trial: { objections } }) => objections.length === 0) &&
  unseen.length === 0 &&
  readOtherwise + statesWrong + guardsWrong === 0;
if (isWell && !values.keep) await rm(scratch, { recursive: true });
else process.stdout.write(`States, logs and ledgers are in ${scratch}.\n`);
process.exit(isWell ? 0 : 1);

function seconds(): number {
  return Math.round((Date.now() - begin) / 1000);
}

/** The vectors of the tree, and the savepoints and checkpoints of older releases by which Flink tests itself. */
async function readBeside(): Promise<void> {
  process.stdout.write(`flink-2: ${READING} … `);
  const begun = seconds();
  const build = await buildFlink('flink-2');
  const folder = join(scratch, 'metadata');
  await mkdir(folder);
  await unpackVectors(folder);
  const objections: string[] = [];
  for (const answer of await readByFlink(build, folder, build.testResources ?? undefined)) {
    const found = await differences(answer, await readFile(answer.file), `file:${dirname(answer.file)}`);
    objections.push(...found.map((what) => `READ OTHERWISE ${answer.file}: ${what}`));
    filesRead++;
  }
  if (filesRead === 0) objections.push('There was nothing to read.');
  readOtherwise = objections.length;
  process.stdout.write(`${readOtherwise === 0 ? 'ok' : 'FAILED'} (${filesRead} files, ${seconds() - begun} s)\n`);
  for (const objection of objections) process.stdout.write(`  ${objection}\n`);
}

/** A job of which every state is known, and what the steward says of its states. */
async function playStates(line: FlinkLine, steward: Command): Promise<void> {
  for (const known of KNOWN_STATES) {
    const { name, flink, quick } = known;
    const set = values.full || values.only !== '' ? flink : quick;
    if (!set.includes(line) || !name.includes(values.only)) continue;
    process.stdout.write(`${line}: ${name} … `);
    const begun = seconds();
    const folder = await mkdtemp(join(scratch, `${line}-states-`));
    const objections = await playKnownStates(known, await buildFlink(line), steward, folder);
    statesPlayed++;
    statesWrong += objections.length;
    process.stdout.write(`${objections.length === 0 ? 'ok' : 'FAILED'} (${seconds() - begun} s)\n`);
    for (const objection of objections) process.stdout.write(`  ${objection}\n`);
  }
}

/** A rule takes state, and the guard has it brought back. */
async function playGuard(line: FlinkLine): Promise<void> {
  const { name, flink, quick } = GUARDED;
  const set = values.full || values.only !== '' ? flink : quick;
  if (!set.includes(line) || !name.includes(values.only)) return;
  process.stdout.write(`${line}: ${name} … `);
  const begun = seconds();
  const stage = await Stage.open(line, 'native-s3', scratch);
  try {
    const objections = await stage.playGuarded();
    guardsPlayed++;
    guardsWrong += objections.length;
    process.stdout.write(`${objections.length === 0 ? 'ok' : 'FAILED'} (${seconds() - begun} s)\n`);
    for (const objection of objections) process.stdout.write(`  ${objection}\n`);
  } finally {
    await stage.close();
  }
}

async function playAll(line: FlinkLine, store: Store, scenarios: readonly Scenario[], steward: Command): Promise<void> {
  const chosen = scenarios.filter(({ name, flink, quick }) => {
    const set = values.full || values.only !== '' ? flink : quick;
    return set.includes(line) && name.includes(values.only);
  });
  if (chosen.length === 0) return;
  const stage = await Stage.open(line, store, scratch);
  try {
    for (const scenario of chosen) {
      process.stdout.write(`${line}: ${scenario.name} … `);
      const trial = await stage.play(scenario, steward);
      process.stdout.write(`${trial.objections.length === 0 ? 'ok' : 'FAILED'} (${trial.seconds} s)\n`);
      for (const objection of trial.objections) process.stdout.write(`  ${objection}\n`);
      if (trial.ageRuleBroke !== null) {
        process.stdout.write(`  (after the age rule, which takes ${trial.expired} objects: ${trial.ageRuleBroke})\n`);
      }
      rows.push({ line, scenario: scenario.name, trial });
    }
  } finally {
    await stage.close();
  }
}

/** A suite that passes without a rule does not test it. */
async function mutate({ name, scenario: itsName, flink }: Mutation, unsafe: Command): Promise<void> {
  const scenario = SCENARIOS.find((candidate) => candidate.name === itsName);
  if (scenario === undefined) throw new Error(`There is no scenario "${itsName}".`);
  process.stdout.write(`${flink}: ${itsName}, without "${name}" … `);
  const stage = await Stage.open(flink, 'file', scratch);
  try {
    const { objections } = await stage.play(scenario, [...unsafe, name]);
    const losses = objections.filter((objection) => /^(LOST|NOT REFUSED) /.test(objection));
    if (losses.length === 0) unseen.push(name);
    process.stdout.write(losses.length > 0 ? 'fails, as it must\n' : 'PASSES, AND MUST NOT\n');
    for (const line of losses.length > 0 ? losses : objections) process.stdout.write(`  ${line}\n`);
  } finally {
    await stage.close();
  }
}
