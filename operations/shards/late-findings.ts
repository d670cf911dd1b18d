import type { Root } from '#core/collect/roots.ts';
import { baseName } from '#core/flink/state-path.ts';
import type { CertifiedRoot } from '#operations/ledger/certificate-lines.ts';
import type { BegunReading, RootMarker } from '#operations/look/read-root.ts';
import { certifiedRoot } from '#operations/run/certified-facts.ts';
import type { ShardContext } from './context.ts';
import { HashesByPart, partBits } from './hash-parts.ts';
import { toPlain } from './rich-json.ts';

/** The list of an item that has the roots it found too late for the judging. */
export const LATE = 'late';

/** What an item has seen of roots that appeared while the run deleted, for its certificate. */
export class LateFindings {
  readonly #names: HashesByPart;
  readonly #roots = new Map<string, CertifiedRoot>();

  private constructor(bits: number) {
    this.#names = new HashesByPart(bits);
  }

  static async of(context: ShardContext): Promise<LateFindings> {
    return new LateFindings(await partBits(context));
  }

  /** The same marker, of which the references are noted. */
  noting(marker: RootMarker): RootMarker {
    return {
      begin: (root): BegunReading => {
        const reading = marker.begin(root);
        return {
          reference: (reference) => {
            this.#names.add(baseName(reference.path));
            reading.reference(reference);
          },
          complete: (summary) => reading.complete(summary),
          fail: (failure) => reading.fail(failure),
          vanish: () => reading.vanish(),
        };
      },
    };
  }

  /** Several shards may find the same one; how the last attempt to read it ended counts. */
  note({ area }: Pick<ShardContext, 'area'>, root: Root): void {
    const certified = certifiedRoot(area, root, true);
    this.#roots.set(`${certified.url}\n${certified.etag}`, certified);
  }

  /** Lists of an item. Nothing may be noted afterwards. */
  lists(): Record<string, Iterable<unknown>> {
    return { ...this.#names.end().lists, [LATE]: [...this.#roots.values()].map(toPlain) };
  }
}
