import pMap from 'p-map';
import type { Healed, LostObject } from '#operations/ledger/lost-objects.ts';
import { readState } from '#operations/ledger/state.ts';
import type { Pace } from '#operations/pace.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { absentOf } from './absent.ts';
import { bringBack } from './bring-back.ts';
import { namedBy } from './current-roots.ts';
import { isRoot, missingOf, type TakenRoot, takenRoots, type WriterPlaces } from './taken-roots.ts';

/**
 * Brings lost objects back: files first, and of a root all that it named before the root itself, so that no root is seen
 * without its files. No lease is needed: what is brought back is named by a root that is there, or that comes back last, so
 * no run that sees the root judges it garbage.
 */

/** What healing takes. */
export interface HealInput extends WriterPlaces {
  readonly ledger: LedgerStore;
  readonly pace: Pick<Pace, 'take'>;
}

/** What became of each, what was not come to, and why it ended early; null where it did not. */
export interface HealResult {
  readonly healed: readonly Healed[];
  readonly left: readonly LostObject[];
  readonly stopped: string | null;
}

/** Objects between two looks at whether deleting is paused. */
const BATCH = 100;
const AT_ONCE = 16;
/** A rule may still be at the files of a root while these are brought back. */
const MOST_ROUNDS = 5;

/** @throws StoreError, LedgerError where it is not known what the roots name, or whether deleting is paused. */
export async function heal(lost: readonly LostObject[], input: HealInput): Promise<HealResult> {
  const healing = new Healing(input);
  const files = lost.filter(({ url }) => !isRoot(url));
  const roots = lost.filter(({ url }) => isRoot(url));
  const taken = await takenRoots(roots, input);
  const gone = new Set(taken.map(({ root }) => root.url));
  for (const { url } of roots) if (!gone.has(url)) healing.note({ url, outcome: 'present', why: null });
  await healing.bringFilesBack(files, await neededOf(files, taken, input));
  for (const root of taken) await healing.bringRootBack(root);
  const { done, stopped } = healing;
  return { healed: [...done.values()], left: lost.filter(({ url }) => !done.has(url)), stopped };
}

/** What the roots of now name of it, and those that come back with their files. */
async function neededOf(
  files: readonly LostObject[],
  taken: readonly TakenRoot[],
  input: HealInput,
): Promise<ReadonlySet<string>> {
  const wanted = new Set(files.map(({ url }) => url));
  const roots = [...new Set(files.flatMap((file) => file.roots))];
  const named = await pMap(roots, async (root) => (await namedBy(root, wanted, input))?.found ?? new Map(), {
    concurrency: AT_ONCE,
  });
  return new Set([...named, ...taken.map(({ names }) => names)].flatMap((names) => [...names.keys()]));
}

/** One attempt, which ends early where deleting is paused or the time is over. */
class Healing {
  /** By URL. */
  readonly done = new Map<string, Healed>();
  stopped: string | null = null;
  readonly #input: HealInput;

  constructor(input: HealInput) {
    this.#input = input;
  }

  note(healed: Healed): void {
    this.done.set(healed.url, healed);
  }

  async bringFilesBack(files: readonly LostObject[], needed: ReadonlySet<string>): Promise<void> {
    const absent = await absentOf(
      files.map(({ url }) => url),
      this.#input,
    );
    for (let at = 0; at < files.length; at += BATCH) {
      const batch = files.slice(at, at + BATCH);
      if (!(await this.#mayGoOn(batch.length))) return;
      const healed = await pMap(
        batch,
        async (object): Promise<Healed> => {
          const { url } = object;
          if (!absent.has(url)) return { url, outcome: 'present', why: null };
          if (!needed.has(url)) return { url, outcome: 'unneeded', why: null };
          return await bringBack(object, this.#input);
        },
        { concurrency: AT_ONCE },
      );
      for (const one of healed) this.note(one);
    }
  }

  async bringRootBack(taken: TakenRoot): Promise<void> {
    const { root, names } = taken;
    for (let round = 1; ; round++) {
      const missing = await missingOf(taken, this.#input);
      if (missing.length === 0) break;
      const lost = missing.flatMap(({ url }) => this.#lossOf(url) ?? []);
      if (lost.length > 0 || round > MOST_ROUNDS) {
        this.note({ url: root.url, outcome: 'lost', why: whyNotWhole(root.url, missing.length, lost[0]) });
        return;
      }
      await this.bringFilesBack(missing, new Set(names.keys()));
      if (this.stopped !== null) return;
    }
    if (await this.#mayGoOn(1)) this.note(await bringBack({ ...root, takenBy: undefined }, this.#input));
  }

  #lossOf(url: string): Healed | null {
    const known = this.done.get(url);
    return known?.outcome === 'lost' ? known : null;
  }

  async #mayGoOn(objects: number): Promise<boolean> {
    const { ledger, signal, pace } = this.#input;
    if (this.stopped !== null) return false;
    const { paused } = await readState(ledger);
    if (paused !== null) {
      this.stopped = `Deleting is paused (${paused.why}), so nothing more was brought back. The first survey after the pause has the rest brought back.`;
      return false;
    }
    if (signal?.aborted) {
      this.stopped = 'The time of the function was over. The next survey has the rest brought back.';
      return false;
    }
    await pace.take(objects, signal);
    return true;
  }
}

function whyNotWhole(root: string, missing: number, first: Healed | undefined): string {
  const why = first?.why ?? 'They are deleted again and again.';
  const files = missing === 1 ? 'a file that it names is' : `${missing} files that it names are`;
  return `${root} was not brought back, since ${files} still missing. ${why}`;
}
