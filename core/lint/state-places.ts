import type { LintableBucket } from './configured-bucket.ts';
import {
  endsAside,
  saysFlink,
  saysFlinkOrSavepoint,
  saysNothing,
  saysOtherContent,
  saysOtherEngine,
  saysPrograms,
  saysState,
} from './telling-names.ts';
import { holdsNoState, isOfOtherContent, matchesNothing, mayBeAside } from './telling-prefixes.ts';

/** A place that holds Flink state, as somebody named it. */
export interface NamedPlace {
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
  /** Who named it: `--flink`, `steward.json`, `state.checkpoints.dir in plan.json`. */
  readonly by: string;
}

/**
 * Which prefixes of a bucket hold Flink state, and how that is known. `named`: somebody named them. `guessed`: names say
 * so. `unsure`: names speak of Flink, and do not tell whether its state is there. `elsewhere`: none of it is known here.
 * `unnamed`: the file does not say which bucket it is about.
 */
export interface StatePlaces {
  readonly known: 'named' | 'guessed' | 'unsure' | 'elsewhere' | 'unnamed';
  readonly prefixes: readonly string[];
  /** A sentence about how that is known; of a bucket that is not judged, why not. Null where there is nothing to say. */
  readonly why: string | null;
  /** Prefixes of rules below which there is certainly no state. */
  readonly spared: ReadonlySet<string>;
  /** Prefixes of rules of which names do not tell whether there is state below them. */
  readonly doubted: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();
const ELSEWHERE: StatePlaces = { known: 'elsewhere', prefixes: [], why: null, spared: NONE, doubted: NONE };

/**
 * Where Flink state is in a bucket. Who names places names all of them: only of a bucket without a known name is then
 * still guessed.
 *
 * @param told by whoever runs the lint; null where nobody has told anything.
 * @param options what Flink's own options in the same file name.
 * @param texts all texts of the file.
 */
export function statePlaces(
  bucket: LintableBucket,
  told: readonly NamedPlace[] | null,
  options: readonly NamedPlace[],
  texts: readonly string[],
): StatePlaces {
  const { name } = bucket;
  const named = [...(told ?? []), ...options].filter((place) => isOf(place, bucket));
  if (named.length > 0) return namedPlaces(named);
  if (name === null && told !== null) return placesOfOneBucket(told, bucket);
  const guess = guessPlaces(bucket, texts);
  if (guess.known !== 'guessed' && name === null) return namelessBucket(bucket);
  if (guess.known === 'elsewhere' || told === null) return guess;
  // Who names buckets by their resources leaves none out because its name is not known.
  const areByResource = told.some((place) => place.bucket.startsWith('${'));
  if (typeof name !== 'string' && !areByResource && guess.known === 'guessed') return guess;
  return {
    ...ELSEWHERE,
    why: `Its names look as if it held Flink state, but nobody names it as such. If it does, add --flink s3://${typeof name === 'string' ? name : 'BUCKET'}`,
  };
}

/** What its rules take may be Flink's, unless they are about something else. */
function namelessBucket(bucket: LintableBucket): StatePlaces {
  return {
    known: 'unnamed',
    prefixes: [''],
    why: 'The file does not say which bucket the rules are for. To say it, add --flink s3://BUCKET/PREFIX',
    spared: new Set(rulePrefixes(bucket).filter(holdsNoState)),
    doubted: NONE,
  };
}

/** A document of S3 alone names no bucket: it is for the one that was named. */
function placesOfOneBucket(told: readonly NamedPlace[], bucket: LintableBucket): StatePlaces {
  return new Set(told.map((place) => place.bucket)).size === 1 ? namedPlaces(told) : namelessBucket(bucket);
}

/**
 * In templates the name of a bucket is often an expression over its own resource; CloudFormation itself makes a name of the
 * stack, the logical ID in lower case, and random letters.
 */
function isOf({ bucket }: NamedPlace, { name, resource }: LintableBucket): boolean {
  const own = `\${${resource}}`;
  const isGenerated = String(name) === own && bucket.includes(`-${resource.toLowerCase()}-`);
  return bucket === name || bucket === own || (name !== null && bucket === String(name)) || isGenerated;
}

function namedPlaces(named: readonly NamedPlace[]): StatePlaces {
  const prefixes = [...new Set(named.map(({ prefix }) => prefix))];
  const by = [...new Set(named.map((place) => place.by))].join(', ');
  return { known: 'named', prefixes, why: `Named by ${by}.`, spared: NONE, doubted: NONE };
}

/**
 * By what the bucket is called; where that says nothing, by what is around it; and by what its rules are called. Most buckets
 * of checkpoints in this world are not Flink's, so that something in the file must say Flink or savepoints.
 */
function guessPlaces(bucket: LintableBucket, texts: readonly string[]): StatePlaces {
  const { called, around } = bucket;
  const ruleNames = bucket.worst.rules.flatMap(({ id, filter }) =>
    id === null ? [filter.prefix] : [id, filter.prefix],
  );
  const names = [...called, ...around, ...ruleNames];
  const isFlinks = [...names, ...texts].some(saysFlinkOrSavepoint) && !called.some(saysOtherEngine);
  const saysItsState = (name: string): boolean => saysState(name, isFlinks);
  const own = called.filter((name) => !saysNothing(name));
  const telling = own.find(saysItsState) ?? (own.some(saysOtherContent) ? undefined : around.find(saysItsState));
  const prefixes = rulePrefixes(bucket);
  const unsaid = prefixes.filter((prefix) => !saysItsState(prefix));
  if (telling !== undefined) return inBucketOfState(telling, unsaid);
  const within = prefixesOfState(bucket, saysItsState);
  if (within.length > 0) return besideState(within, unsaid);
  const flinks = (own.length > 0 ? own : around).find(saysFlink);
  const isFlinksCertainly = flinks !== undefined && ![...own, flinks].some(saysOtherContent) && !own.some(saysPrograms);
  if (isFlinksCertainly) return inBucketOfFlink(flinks, prefixes);
  const isNeutral = !own.some((name) => saysOtherContent(name) || saysOtherEngine(name) || saysPrograms(name));
  const hint = flinks ?? (isNeutral ? around.find(saysFlink) : undefined);
  if (hint !== undefined && ![...own, hint].some(endsAside)) return perhaps(hint, [''], prefixes);
  const speaking = prefixes.filter((prefix) => saysFlink(prefix) && !holdsNoState(prefix));
  if (speaking[0] !== undefined) return perhaps(speaking[0], speaking, prefixes);
  return names.some((name) => saysState(name, true)) ? { ...ELSEWHERE, why: OF_WHOM } : ELSEWHERE;
}

/** A word of other content is the name of a job in such a bucket, unless it is one of what lies beside state. */
function inBucketOfState(telling: string, unsaid: readonly string[]): StatePlaces {
  const spared = new Set(unsaid.filter(holdsNoState));
  return {
    known: 'guessed',
    prefixes: [''],
    why: guessedBy(telling),
    spared,
    doubted: new Set(unsaid.filter(mayBeAside)),
  };
}

/** State is below some prefixes of a bucket of many things: of another prefix its name must say what it is for. */
function besideState(within: readonly string[], unsaid: readonly string[]): StatePlaces {
  const spared = new Set(unsaid.filter(holdsNoState));
  const doubted = unsaid.filter((prefix) => {
    const isBelow = within.some((place) => prefix.startsWith(place));
    const isAbove = within.some((place) => place.startsWith(prefix));
    return isBelow ? mayBeAside(prefix) : !(isAbove || isOfOtherContent(prefix));
  });
  return { known: 'guessed', prefixes: within, why: guessedBy(...within), spared, doubted: new Set(doubted) };
}

/** None of the prefixes says state, so that it is below one of them, or below none. */
function inBucketOfFlink(name: string, prefixes: readonly string[]): StatePlaces {
  const spared = new Set(prefixes.filter(holdsNoState));
  const doubted = new Set(prefixes.filter((prefix) => !holdsNoState(prefix)));
  return { known: 'guessed', prefixes: [''], why: guessedBy(name), spared, doubted };
}

/** @param within where it is, if it is there. */
function perhaps(name: string, within: readonly string[], prefixes: readonly string[]): StatePlaces {
  const why = `${JSON.stringify(name)} speaks of Flink, but does not tell whether state is there. To decide it, name all places with Flink state: --flink s3://BUCKET/PREFIX`;
  const spared = new Set(prefixes.filter(holdsNoState));
  const doubted = new Set(['', ...prefixes.filter((prefix) => !holdsNoState(prefix))]);
  return { known: 'unsure', prefixes: within, why, spared, doubted };
}

const OF_WHOM =
  "Its names speak of checkpoints, but nothing in the file says that they are Flink's. If they are, add --flink s3://BUCKET/PREFIX";

function guessedBy(...names: readonly string[]): string {
  const list = names.map((name) => JSON.stringify(name)).join(' and ');
  return `Guessed from ${list}. To say it for certain, add --flink s3://BUCKET/PREFIX`;
}

/** Of all rules that have one by which they take anything. */
function rulePrefixes({ worst }: LintableBucket): readonly string[] {
  const prefixes = worst.rules.map(({ filter }) => filter.prefix);
  return prefixes.filter((prefix) => prefix !== '' && !matchesNothing(prefix));
}

/** Prefixes that hold state by their own name, or by that of their rule. */
function prefixesOfState({ worst }: LintableBucket, saysItsState: (name: string) => boolean): readonly string[] {
  const found = worst.rules.flatMap(({ id, filter: { prefix } }) => {
    if (matchesNothing(prefix)) return [];
    if (saysItsState(prefix)) return [prefix];
    if (saysOtherContent(prefix)) return [];
    const isFlinks = saysFlink(prefix) || (id !== null && saysItsState(id) && !saysOtherContent(id));
    return isFlinks ? [prefix] : [];
  });
  return [...new Set(found)];
}
