import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { buildFlink, type FlinkBuild, type FlinkLine } from './flink-build.ts';
import { playGuarded } from './guarded.ts';
import { LocalPlace, type Place } from './place.ts';
import { mistaken } from './refusals.ts';
import { S3Place, s3Options } from './s3-place.ts';
import type { Scenario } from './scenarios.ts';
import { type Collector, type Command, Steward } from './steward.ts';
import { type Trial, trial } from './trial.ts';
import { Verifier } from './verifier.ts';

/** A directory, or a bucket to which Flink speaks through its Hadoop plug-in or by its own file system. */
export type Store = 'file' | 's3' | 'native-s3';

/** Where trials take place: a line of Flink, a kind of store, and one JVM that restores for all of them. */
export class Stage {
  readonly #build: FlinkBuild;
  readonly #folder: string;
  readonly #s3: EmbeddedS3 | null;
  readonly #verifier: Verifier;
  #trials = 0;

  private constructor(build: FlinkBuild, folder: string, s3: EmbeddedS3 | null, verifier: Verifier) {
    this.#build = build;
    this.#folder = folder;
    this.#s3 = s3;
    this.#verifier = verifier;
  }

  /** @param scratch a directory; each trial has a folder of its own below it */
  static async open(line: FlinkLine, store: Store, scratch: string): Promise<Stage> {
    const build = store === 'native-s3' ? withNativeS3(await buildFlink(line)) : await buildFlink(line);
    const folder = await mkdtemp(join(scratch, `${line}-${store}-`));
    const s3 = store === 'file' ? null : await EmbeddedS3.start();
    try {
      return new Stage(build, folder, s3, await Verifier.open(build, s3 === null ? {} : s3Options(s3), folder));
    } catch (error) {
      await s3?.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#verifier.close();
    await this.#s3?.close();
  }

  /** A scenario that can't be played to its end has failed, and the next one is played all the same. */
  async play(scenario: Scenario, steward: Command): Promise<Trial> {
    const begin = Date.now();
    const number = this.#trials++;
    const folder = join(this.#folder, `${number}-${scenario.name.replaceAll(/[^\w.]+/g, '-')}`);
    await mkdir(folder);
    try {
      const place = await this.#place(folder, `state-${number}`);
      const collector = await collectorFor(scenario, steward, place, folder);
      return await trial(scenario, this.#build, place, collector, this.#verifier, folder);
    } catch (error) {
      return {
        ...{ objects: 0, live: 0, deletedBeside: 0, deletedAfter: 0, runs: 0 },
        ...{ restorable: 0, restored: 0, restoredAfterAgeRule: 0, expired: 0, ageRuleBroke: null },
        seconds: Math.round((Date.now() - begin) / 1000),
        objections: [`It could not be played: ${error instanceof Error ? error.message : String(error)}`],
      };
    }
  }

  /** @returns what is wrong, in sentences. */
  async playGuarded(): Promise<readonly string[]> {
    if (this.#s3 === null) throw new Error('Rules delete in buckets only.');
    try {
      return await playGuarded(this.#build, this.#s3, this.#verifier, join(this.#folder, 'guarded'));
    } catch (error) {
      return [`It could not be played: ${error instanceof Error ? error.message : String(error)}`];
    }
  }

  async #place(folder: string, bucket: string): Promise<Place> {
    if (this.#s3 !== null) return new S3Place(this.#s3, bucket);
    await mkdir(join(folder, 'state'));
    return new LocalPlace(join(folder, 'state'));
  }
}

async function collectorFor(scenario: Scenario, command: Command, place: Place, folder: string): Promise<Collector> {
  const steward = new Steward(command, place, folder, scenario);
  if (scenario.mistake === undefined) return steward;
  if (!(place instanceof LocalPlace)) throw new Error(`"${scenario.name}" is played in a directory only.`);
  return await mistaken(scenario.mistake, command, place, folder, scenario, steward);
}

function withNativeS3(build: FlinkBuild): FlinkBuild {
  const { line, nativeS3Classpath } = build;
  if (nativeS3Classpath === null) throw new Error(`${line} has no S3 file system of its own.`);
  return { ...build, classpath: nativeS3Classpath };
}
