import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BACKUP, copyAll } from './copies.ts';
import type { FlinkBuild } from './flink-build.ts';
import { COMMON_OPTIONS, USUAL_TIMEOUT_SECONDS } from './job-options.ts';
import { Lab, LabError, type Options } from './lab.ts';
import type { Place } from './place.ts';
import type { Act, Scenario } from './scenarios.ts';
import { pointer, type Verifier } from './verifier.ts';

/** Against hangs alone. */
const RUN_LIMIT = 5 * 60_000;
/** A run must bring so many more checkpoints. */
const LEAST_CHECKPOINTS = 3;
const POLL = 200;
/** Longer than the interval and the uploads, shorter than the timeout. */
const IN_THE_MIDDLE = 1_500;
const SAVEPOINT_ATTEMPTS = 5;
const SAVEPOINT_PAUSE = 1_500;

/** Has real Flink do what a scenario says. At the end no job runs. */
export async function play(
  scenario: Scenario,
  place: Place,
  build: FlinkBuild,
  verifier: Verifier,
  folder: string,
): Promise<void> {
  const player = new Player(place, build, verifier, folder, optionsOf(scenario, place));
  await mkdir(folder, { recursive: true });
  try {
    for (const act of scenario.acts) {
      await player.do(act);
    }
  } finally {
    await player.kill();
  }
}

/** All options of a scenario's jobs but those of single acts. */
export function optionsOf(scenario: Scenario, place: Place): Options {
  const options = {
    ...COMMON_OPTIONS,
    'execution.checkpointing.timeout': `${scenario.timeout ?? USUAL_TIMEOUT_SECONDS} s`,
    'execution.checkpointing.dir': `${place.url}/checkpoints`,
    ...scenario.options,
  };
  return inPlace(options, place);
}

function inPlace(options: Options, place: Place): Options {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, value.replace('{place}', place.url)]));
}

class Player {
  readonly #place: Place;
  readonly #build: FlinkBuild;
  readonly #verifier: Verifier;
  readonly #folder: string;
  readonly #options: Options;
  #lab: Lab | null = null;
  #savepoint: string | null = null;

  constructor(place: Place, build: FlinkBuild, verifier: Verifier, folder: string, options: Options) {
    this.#place = place;
    this.#build = build;
    this.#verifier = verifier;
    this.#folder = folder;
    this.#options = options;
  }

  async do(act: Act): Promise<void> {
    switch (act.do) {
      case 'start':
        return this.#start(act);
      case 'run':
        return this.#run(act.seconds);
      case 'stall':
        return void (await this.#ask('stall', { seconds: `${act.seconds}` }));
      case 'copy':
        return copyAll(this.#place, 'checkpoints/', BACKUP);
      case 'savepoint':
      case 'stop':
        return this.#takeSavepoint(act);
      case 'fail':
      case 'cancel':
        return void (await this.#ask(act.do));
      case 'kill':
        return this.#killInTheMiddle();
      default:
        return act satisfies never;
    }
  }

  /** One subtask holds a checkpoint up, the others upload for it, and nobody will ever name that. */
  async #killInTheMiddle(): Promise<void> {
    await this.#ask('stall', { seconds: '60' });
    await sleep(IN_THE_MIDDLE);
    await this.kill();
  }

  async kill(): Promise<void> {
    await this.#lab?.kill();
    this.#lab = null;
  }

  async #start(act: Act & { do: 'start' }): Promise<void> {
    const restore =
      act.from === undefined
        ? {}
        : {
            'execution.savepoint.path': act.from === 'newest' ? await this.#newest() : (this.#savepoint ?? ''),
            'execution.savepoint-restore-mode': act.claim ?? 'NO_CLAIM',
          };
    const clusterOptions = { ...this.#options, ...this.#place.flinkOptions };
    this.#lab ??= await Lab.open(this.#build, clusterOptions, join(this.#folder, 'jobs.log'));
    await this.#ask('start', { ...inPlace(act.with ?? {}, this.#place), ...restore });
  }

  /** A savepoint can run into its timeout as any checkpoint can; then users try again. */
  async #takeSavepoint(act: Act & { do: 'savepoint' | 'stop' }): Promise<void> {
    const target = { dir: `${this.#place.url}/savepoints`, format: act.format };
    for (let attempts = 1; ; attempts++) {
      try {
        this.#savepoint = (await this.#ask(act.do, target))[0] ?? null;
        return;
      } catch (error) {
        if (!(error instanceof LabError) || attempts === SAVEPOINT_ATTEMPTS) throw error;
        await sleep(SAVEPOINT_PAUSE);
      }
    }
  }

  /** The newest checkpoint from which Flink can go on. */
  async #newest(): Promise<string> {
    const roots = (await this.#place.list())
      .filter(({ key }) => /\/chk-\d+\/_metadata$/.test(key))
      .sort((a, b) => b.modified - a.modified);
    const failures: string[] = [];
    for (const { key } of roots) {
      const { keys, why } = await this.#verifier.restore(this.#place, key, this.#options);
      if (keys !== null) return pointer(this.#place, key);
      failures.push(`${key}: ${why}`);
    }
    throw new Error(`No checkpoint restores.\n${failures.join('\n')}`);
  }

  async #run(seconds: number): Promise<void> {
    const begin = Date.now();
    const before = await this.#completed();
    for (let more = 0; more < LEAST_CHECKPOINTS || Date.now() < begin + seconds * 1000; ) {
      if (Date.now() > begin + RUN_LIMIT) throw new Error(`Only ${more} checkpoints completed in time.`);
      await sleep(POLL);
      more = (await this.#completed()) - before;
    }
  }

  async #completed(): Promise<number> {
    try {
      const [state = '', completed = '0'] = await this.#ask('status');
      if (state === 'FAILED') throw new Error('The job has failed for good.');
      return Number(completed);
    } catch (error) {
      // While a job is made ready, nobody can be asked.
      if (error instanceof LabError) return 0;
      throw error;
    }
  }

  #ask(command: string, options: Options = {}): Promise<readonly string[]> {
    if (this.#lab === null) throw new Error(`Nothing runs that could be told to ${command}.`);
    return this.#lab.ask(command, options);
  }
}
