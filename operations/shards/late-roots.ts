import { reasonsAgainst } from '#core/collect/decidability.ts';
import type { Grounds } from '#core/collect/evidence.ts';
import { Reachability } from '#core/collect/reachability.ts';
import type { Undecidable } from '#core/collect/undecidable.ts';
import { contentId } from '#operations/look/read-root.ts';
import { RootSweep, type SweepResult } from '#operations/look/root-rounds.ts';
import { reallyWait } from '#operations/wait.ts';
import type { AreaLook } from './area-look.ts';
import type { ShardContext } from './context.ts';
import type { LateFindings } from './late-findings.ts';
import { memoryOfRoots } from './memory.ts';

/** The roots that have come since those of the area were read, and what they reference of a shard. */
export class LateRoots {
  readonly reachability: Reachability;
  readonly #context: ShardContext;
  readonly #grounds: KnownObjects;
  readonly #look: AreaLook;
  readonly #sweep: RootSweep;
  readonly #findings: LateFindings;

  private constructor(context: ShardContext, grounds: KnownObjects, known: Known) {
    const { area, input } = context;
    const { objects, start } = grounds;
    this.#context = context;
    this.#grounds = grounds;
    this.#look = known.look;
    this.#findings = known.findings;
    this.reachability = new Reachability(area, objects);
    this.#sweep = new RootSweep({
      area,
      objects,
      reachability: known.findings.noting(this.reachability),
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

  /**
   * @param grounds what is known of the objects that late roots may reference.
   * @param shared the look at the whole area, which shards that are swept one after the other share, and what is noted of
   * what it shows.
   * @throws LostPartError, StoreError
   */
  static async of(context: ShardContext, grounds: KnownObjects, shared: SharedLook): Promise<LateRoots> {
    const memory = await memoryOfRoots(context, grounds.objects);
    return new LateRoots(context, grounds, { ...shared, memory });
  }

  /**
   * Reads the roots that are new: the marks grow, and so may the reasons against deciding.
   *
   * @throws StoreError where a listing failed; then nothing is known of the roots of now.
   */
  async readAgain(): Promise<readonly Undecidable[]> {
    const { area } = this.#context;
    const { objects } = this.#grounds;
    let read: SweepResult = { unsettled: [], lost: [], restless: [] };
    const tried = await this.#look.triedContents();
    for await (const listed of this.#look.listings()) {
      read = await this.#sweep.read(listed.filter((root) => !tried.has(contentId(root))));
    }
    for (const root of this.reachability.roots) {
      if (!tried.has(contentId(root))) this.#findings.note(this.#context, root);
    }
    const { unsettled, lost } = read;
    const misplaced = this.reachability.keepByName();
    const { roots } = this.reachability;
    return reasonsAgainst({ area, objects, roots, misplaced, unsettled, lost, hidden: [], directories: () => [] });
  }
}

type KnownObjects = Pick<Grounds, 'objects' | 'start'>;

/** What several shards share. */
export interface SharedLook {
  readonly look: AreaLook;
  readonly findings: LateFindings;
}

interface Known extends SharedLook {
  readonly memory: Awaited<ReturnType<typeof memoryOfRoots>>;
}

function locationsOf({ input }: ShardContext) {
  return input.locations.map(({ store }, location) => ({ location, store }));
}
