import { Area } from '#core/area/area.ts';
import type { Deletion } from '#core/guard/deletion.ts';
import { type LiveSet, liveSetOf } from '#core/guard/live-set.ts';
import { type Confirmed, confirmLosses } from '#operations/guard/confirm.ts';
import type { RootPlaces } from '#operations/guard/current-roots.ts';
import { judge } from '#test/support/judged.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { NOW } from '#test/support/played-job.ts';

/** A bucket in memory that was surveyed, and then loses objects. */

export const AREA = new Area([{ name: 's3://bucket/', store: 's3://bucket', prefix: '', hidden: 0 }]);

export interface GuardedStore {
  readonly store: MovingStore;
  readonly live: LiveSet;
  readonly places: RootPlaces;
  /** @param meanwhile what happens while roots are watched. @param again URLs of what was unsettled before. */
  confirm(deletions: readonly Deletion[], meanwhile?: () => void, again?: ReadonlySet<string>): Promise<Confirmed>;
}

export async function guarded(play: (store: MovingStore) => void): Promise<GuardedStore> {
  const store = new MovingStore({ now: NOW });
  play(store);
  const { survey } = await judge(store);
  const live = liveSetOf(survey);
  const places = { area: AREA, stores: [store] };
  store.calls.length = 0;
  return {
    store,
    live,
    places,
    confirm: async (deletions, meanwhile = () => {}, again = new Set()) =>
      await confirmLosses(deletions, { ...places, live, blind: false, again, wait: async () => meanwhile() }),
  };
}
