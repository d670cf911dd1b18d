import type { AreaLocation } from '#core/area/area.ts';
import { judgeAll } from '#core/collect/judge.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import type { Verdict } from '#core/collect/verdicts.ts';
import { type Survey, type SurveyInput, survey } from '#operations/look/survey.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import { NOW } from '#test/support/played-job.ts';

export interface Judged {
  readonly survey: Survey;
  /** By the URL of the object, without the part that all share in a test of one bucket. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** Whatever would go now or later. */
  readonly garbage: readonly string[];
  readonly codes: readonly string[];
}

/** A location that is a whole bucket, under its own name. */
export function bucket(store: ObjectStore, prefix = ''): { readonly area: AreaLocation; readonly store: ObjectStore } {
  return { area: { name: `${store.name}/${prefix}`, store: store.name, prefix, hidden: 0 }, store };
}

/** Surveys and judges, as if all garbage had served its quarantine. */
export async function judge(
  places: ObjectStore | SurveyInput['locations'],
  more: Partial<SurveyInput> = {},
): Promise<Judged> {
  const surveyed = await survey({
    locations: 'list' in places ? [bucket(places)] : places,
    outside: [],
    aliases: [],
    settings: DEFAULT_COLLECT_SETTINGS,
    deadJobs: [],
    protects: () => false,
    clock: () => NOW,
    wait: async () => {},
    assumeQuarantined: true,
    ...more,
  });
  const { objects, area } = surveyed;
  const judged = judgeAll(surveyed);
  const verdicts: Record<string, Verdict> = {};
  for (let object = 0; object < objects.size; object++) {
    const url = area.url(objects.location(object), objects.key(object));
    verdicts[url.replace(/^s3:\/\/bucket\//, '')] = judged.verdict(object);
  }
  return {
    survey: surveyed,
    verdicts,
    garbage: Object.keys(verdicts)
      .filter((url) => ['delete', 'quarantined'].includes(verdicts[url] ?? ''))
      .sort(),
    codes: surveyed.undecidable.map(({ code }) => code),
  };
}
