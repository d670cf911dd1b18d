import { reasonsAgainst } from '#core/collect/decidability.ts';
import type { Grounds } from '#core/collect/evidence.ts';
import { Reachability } from '#core/collect/reachability.ts';
import type { Undecidable } from '#core/collect/undecidable.ts';
import { HeldDirectories } from '#operations/look/held-directories.ts';
import { contentId } from '#operations/look/read-root.ts';
import type { ListedRoot } from '#operations/look/root-listing.ts';
import { listRootsAgain } from '#operations/look/root-look.ts';
import { firstRootsOf, RootSweep, type SweepResult } from '#operations/look/root-rounds.ts';
import { directoryIds } from '#operations/look/survey.ts';
import { reallyWait } from '#operations/wait.ts';
import { READINGS } from './answer-shard.ts';
import { earlierDirectories, type ShardContext } from './context.ts';
import { memoryOfRoots } from './memory.ts';
import { foundRoots } from './remember-run.ts';
import { fromPlain } from './rich-json.ts';

const ROUNDS = [1, 2];

/** The roots that have come since those of the area were read, and what they reference of a shard. */
export class LateRoots {
  readonly reachability: Reachability;
  readonly #context: ShardContext;
  readonly #grounds: Grounds;
  readonly #tried: Set<string>;
  readonly #held: HeldDirectories;
  readonly #sweep: RootSweep;

  private constructor(context: ShardContext, grounds: Grounds, known: Known) {
    const { area, input } = context;
    const { objects, start } = grounds;
    this.#context = context;
    this.#grounds = grounds;
    this.#tried = known.tried;
    this.#held = known.held;
    this.reachability = new Reachability(area, objects);
    this.#sweep = new RootSweep({
      area,
      objects,
      reachability: this.reachability,
      memory: known.memory,
      start,
      locations: locationsOf(context),
      everywhere: null,
      earlierDirectories: new Set(),
      wait: input.wait ?? reallyWait,
      passed: input.passed ?? (() => performance.now()),
      ...(input.signal === undefined ? {} : { signal: input.signal }),
    });
  }

  /** @param grounds of the shard. @throws LostPartError, StoreError */
  static async of(context: ShardContext, grounds: Grounds): Promise<LateRoots> {
    const held = new HeldDirectories(directoryIds(context.area, await earlierDirectories(context)));
    for (const root of (await foundRoots(context)).roots) held.add(root);
    const memory = await memoryOfRoots(context, grounds.objects);
    return new LateRoots(context, grounds, { held, tried: await triedContents(context), memory });
  }

  /**
   * Lists the roots of the whole area again, and reads what is new: the marks grow, and so may the reasons against deciding.
   * Twice, as one process does, since one listing can miss both the old and the new root of a job.
   *
   * @throws StoreError where a listing failed; then nothing is known of the roots of now.
   */
  async readAgain(): Promise<readonly Undecidable[]> {
    const { area } = this.#context;
    const { objects } = this.#grounds;
    let read: SweepResult = { unsettled: [], lost: [], restless: [] };
    for (const round of ROUNDS) {
      const fresh = (await this.#list(round)).filter((root) => !this.#tried.has(contentId(root)));
      for (const root of fresh) this.#held.add(root);
      read = await this.#sweep.read(fresh);
    }
    const { unsettled, lost } = read;
    const misplaced = this.reachability.keepByName();
    const { roots } = this.reachability;
    return reasonsAgainst({ area, objects, roots, misplaced, unsettled, lost, hidden: [], directories: () => [] });
  }

  async #list(round: number): Promise<readonly ListedRoot[]> {
    const { area, input } = this.#context;
    const { objects, start } = this.#grounds;
    const first = firstRootsOf(start, round);
    const listed: ListedRoot[] = [];
    for (const place of locationsOf(this.#context)) {
      const held = this.#held.in(place.location);
      listed.push(...(await listRootsAgain(place, { area, objects, held, first, signal: input.signal })));
    }
    return listed;
  }
}

interface Known {
  /** Contents of roots that were read before. */
  readonly tried: Set<string>;
  readonly held: HeldDirectories;
  readonly memory: Awaited<ReturnType<typeof memoryOfRoots>>;
}

function locationsOf({ input }: ShardContext) {
  return input.locations.map(({ store }, location) => ({ location, store }));
}

async function triedContents({ files }: ShardContext): Promise<Set<string>> {
  const tried = new Set<string>();
  for (const phase of READINGS) {
    for await (const batch of files.readAll(phase)) {
      for await (const line of batch.lines('tried')) tried.add(fromPlain<string>(line));
    }
  }
  return tried;
}
