import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { LocalPlace } from './place.ts';
import { type Mistake, PART, type Scenario } from './scenarios.ts';
import { type Collector, type Command, Steward, waitingSeconds } from './steward.ts';

/** Runs of the steward that must be refused at every attempt, as long as jobs live and afterwards. */

interface Attempt {
  readonly steward: Steward;
  /** In what the steward answers. */
  readonly sentence: RegExp;
}

/** Makes the mistake again and again. @param steward collects rightly */
export async function mistaken(
  mistake: Mistake,
  command: Command,
  place: LocalPlace,
  folder: string,
  scenario: Scenario,
  steward: Steward,
): Promise<Collector> {
  const waiting = waitingSeconds(scenario);
  if (mistake === 'a second ledger on a part of the area') {
    const options = { name: 'second', locations: [join(place.location, PART)] };
    const second = new Steward(command, place, folder, scenario, options);
    const attempt = { steward: second, sentence: /Another ledger, .* has been responsible for / };
    return new Mistaken(steward, [attempt], { besideOthers: true, waiting });
  }
  // A link in the way to the place, as a home directory is one on many machines.
  await symlink(folder, join(folder, 'linked'));
  const twice = [place.location, join(folder, 'linked', 'state')];
  const attempts: Attempt[] = [
    {
      steward: new Steward(command, place, folder, scenario, { name: 'linked', locations: twice }),
      sentence: /are the same location/,
    },
  ];
  if (await mayMount()) {
    await mkdir(join(place.location, 'mounted'));
    const mounting = [...mounted(place, 'checkpoints', 'mounted'), ...command];
    attempts.push({
      steward: new Steward(mounting, place, folder, scenario),
      sentence: /are one directory \(a bind mount, or one mount under two names\)/,
    });
  } else {
    process.stdout.write('(without a bind mount, which this machine refuses an ordinary user) ');
  }
  return new Mistaken(steward, attempts, { besideOthers: false, waiting });
}

class Mistaken implements Collector {
  readonly #steward: Steward;
  readonly #attempts: readonly Attempt[];
  readonly #options: { readonly besideOthers: boolean; readonly waiting: number };
  readonly #objections = new Set<string>();
  #hasInsisted = false;

  /** @param options whether the right steward collects at the same time, and seconds of minimum age and quarantine */
  constructor(
    steward: Steward,
    attempts: readonly Attempt[],
    options: { readonly besideOthers: boolean; readonly waiting: number },
  ) {
    this.#steward = steward;
    this.#attempts = attempts;
    this.#options = options;
  }

  async collect(deadJobs: readonly string[]): Promise<void> {
    const { besideOthers, waiting } = this.#options;
    if (besideOthers && deadJobs.length === 0) await this.#steward.collect([]);
    await this.#attempt(deadJobs);
    if (deadJobs.length === 0) return;
    if (!this.#hasInsisted) {
      // What was garbage for the first time may go the next time, if nothing is in the way.
      this.#hasInsisted = true;
      await sleep(waiting * 1000);
      await this.#attempt(deadJobs);
    }
    await this.#steward.collect(deadJobs);
  }

  async #attempt(deadJobs: readonly string[]): Promise<void> {
    for (const { steward, sentence } of this.#attempts) {
      const before = (await steward.deleted()).size;
      const { status, stdout, stderr } = await steward.answer(deadJobs);
      const words = wordsOf(stdout);
      // No refusal, but a crash.
      if (words === null) throw new Error(`The steward ended with status ${status}: ${stderr.slice(0, 2_000)}`);
      const deleted = (await steward.deleted()).size - before;
      if (deleted > 0) this.#objections.add(`NOT REFUSED ${steward.name}: ${deleted} objects were deleted`);
      if (status === 0 || !sentence.test(words)) {
        this.#objections.add(`NOT REFUSED ${steward.name}: status ${status}, and nothing says "${sentence.source}"`);
      }
    }
  }

  async deleted(): Promise<ReadonlySet<string>> {
    const all = await Promise.all(
      [this.#steward, ...this.#attempts.map(({ steward }) => steward)].map((s) => s.deleted()),
    );
    return new Set(all.flatMap((keys) => [...keys]));
  }

  objections(): readonly string[] {
    return [...this.#objections];
  }
}

/** The error, or why the area is undecidable; null where the steward did not answer as it answers scripts. */
function wordsOf(stdout: string): string | null {
  try {
    const { error, undecidable = [] } = JSON.parse(stdout) as {
      readonly error?: { readonly message: string };
      readonly undecidable?: readonly { readonly sentence: string }[];
    };
    return [error?.message ?? '', ...undecidable.map(({ sentence }) => sentence)].join('\n');
  } catch {
    return null;
  }
}

/** A program and arguments before a command, so that it sees one directory of the place under a second name too. */
function mounted({ location }: LocalPlace, directory: string, second: string): Command {
  const script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
  return ['unshare', '-rm', 'bash', '-c', script, 'bash', join(location, directory), join(location, second)];
}

/** Whether users may mount in a namespace of their own. */
async function mayMount(): Promise<boolean> {
  return await promisify(execFile)('unshare', ['-rm', 'mount', '--bind', '/tmp', '/mnt']).then(
    () => true,
    () => false,
  );
}
