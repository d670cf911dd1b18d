import type { Grounds } from '#core/collect/evidence.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import { quarantineEnd } from '#core/collect/quarantine-ends.ts';
import { REMEMBERED_ROOTS } from '#core/collect/reachability.ts';
import { type JudgementRule, REASONS, type Verdict } from '#core/collect/verdicts.ts';
import type { ObjectKind } from '#core/flink/layout.ts';
import { isoTime } from '#core/iso-time.ts';
import type { Survey } from '#operations/look/survey.ts';

/** One object's verdict, as `--verdicts` writes it. */
export interface VerdictLine {
  readonly location: string;
  /** The whole key in a bucket, the path below it in a directory. */
  readonly key: string;
  readonly bytes: number;
  readonly verdict: Verdict;
  readonly reason: string;
  /** The stable name of the rule that decided. */
  readonly rule: JudgementRule;
  readonly job: string | null;
  readonly kind: ObjectKind;
  /** Of garbage in quarantine: when that ends. Absent if it has not begun. */
  readonly mayGoFrom?: string | undefined;
  /** Present where it must be restored from an archive before it can be read. */
  readonly archived?: true | undefined;
  /** Keys of up to five roots that name it. */
  readonly roots: readonly string[];
}

/**
 * The verdicts of the objects, by location and in the order of keys.
 *
 * @param begins see `quarantineEnd`.
 * @param isMeant which objects are told of. Default: all.
 */
export function* verdictLines(
  survey: Survey,
  verdicts: Verdicts,
  begins: number | null = null,
  isMeant: (object: number) => boolean = () => true,
): Generator<VerdictLine> {
  for (let object = 0; object < survey.objects.size; object++) {
    if (isMeant(object)) yield verdictLine(survey, verdicts, object, begins);
  }
}

/** Shows the verdict on one object to people. */
export function verdictLine(
  survey: Survey,
  verdicts: Verdicts,
  object: number,
  begins: number | null = null,
): VerdictLine {
  const { area, reachability } = survey;
  const roots =
    verdicts.rule(object) === 'named-by-renamed-root'
      ? reachability.renamedRootsOf(object).slice(0, REMEMBERED_ROOTS)
      : reachability.isKeptByName(object) && !reachability.isLive(object)
        ? reachability.rootsByName(object).slice(0, REMEMBERED_ROOTS)
        : reachability.someRootsOf(object);
  const keys = roots.map((root) => area.storeKey(root.location, root.key));
  return { ...lineWithoutRoots(survey, verdicts, object, begins), roots: keys };
}

/** The same of an object that is known without the roots which reference it. */
export function lineWithoutRoots(
  judged: Pick<Survey, 'area'> & Pick<Grounds, 'objects' | 'owners' | 'memory' | 'settings'>,
  verdicts: Verdicts,
  object: number,
  begins: number | null,
): Omit<VerdictLine, 'roots'> {
  const { area, objects } = judged;
  const verdict = verdicts.verdict(object);
  const ends = verdict === 'quarantined' ? quarantineEnd(object, judged, begins) : null;
  const location = objects.location(object);
  const rule = verdicts.rule(object);
  return {
    location: area.locations[location]?.name ?? '',
    key: area.storeKey(location, objects.key(object)),
    bytes: objects.bytes(object),
    verdict,
    reason: REASONS[rule],
    rule,
    job: objects.directory(object).class.job,
    kind: objects.kind(object),
    ...(ends === null ? {} : { mayGoFrom: isoTime(ends) }),
    ...(objects.isArchived(object) ? { archived: true as const } : {}),
  };
}
