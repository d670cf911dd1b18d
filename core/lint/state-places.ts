import type { LintableBucket } from './configured-bucket.ts';
import {
  saysAside,
  saysFlink,
  saysFlinkOrSavepoint,
  saysNothing,
  saysOtherContent,
  saysOtherEngine,
  saysPrograms,
  saysState,
} from './telling-names.ts';

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
 * so. `elsewhere`: none of it is known here. `unnamed`: the file does not say which bucket it is about.
 */
export interface StatePlaces {
  readonly known: 'named' | 'guessed' | 'elsewhere' | 'unnamed';
  readonly prefixes: readonly string[];
  /** A sentence about how that is known; of a bucket that is not judged, why not. Null where there is nothing to say. */
  readonly why: string | null;
  /** Prefixes of rules that seem to be about something else. */
  readonly spared: ReadonlySet<string>;
}

const ELSEWHERE: StatePlaces = { known: 'elsewhere', prefixes: [], why: null, spared: new Set() };

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
  if (guess.known === 'elsewhere') return name === null ? namelessBucket(bucket) : guess;
  if (told === null) return guess;
  // Who names buckets by their resources leaves none out because its name is not known.
  const areByResource = told.some((place) => place.bucket.startsWith('${'));
  if (typeof name !== 'string' && !areByResource) return guess;
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
    spared: new Set(rulePrefixes(bucket).filter(saysOtherContent)),
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
  return { known: 'named', prefixes, why: `Named by ${by}.`, spared: new Set() };
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
  const isNoState = (prefix: string): boolean => !saysItsState(prefix);
  if (telling !== undefined) {
    const spared = new Set(prefixes.filter((prefix) => saysAside(prefix) && isNoState(prefix)));
    return { known: 'guessed', prefixes: [''], why: guessedBy(telling), spared };
  }
  const within = prefixesOfState(bucket, saysItsState);
  if (within.length > 0) {
    const spared = new Set(prefixes.filter((prefix) => saysOtherContent(prefix) && isNoState(prefix)));
    return { known: 'guessed', prefixes: within, why: guessedBy(...within), spared };
  }
  const [first] = (own.length > 0 ? own : around).filter(saysFlink);
  if (first !== undefined && ![...own, first].some(saysOtherContent) && !own.some(saysPrograms)) {
    // None of the prefixes says Flink, or state would have been found there.
    return { known: 'guessed', prefixes: [''], why: guessedBy(first), spared: new Set(prefixes) };
  }
  return names.some((name) => saysState(name, true)) ? { ...ELSEWHERE, why: OF_WHOM } : ELSEWHERE;
}

const OF_WHOM =
  "Its names speak of checkpoints, but nothing in the file says that they are Flink's. If they are, add --flink s3://BUCKET/PREFIX";

function guessedBy(...names: readonly string[]): string {
  const list = names.map((name) => JSON.stringify(name)).join(' and ');
  return `Guessed from ${list}. To say it for certain, add --flink s3://BUCKET/PREFIX`;
}

/** Of all rules that have one. */
function rulePrefixes({ worst }: LintableBucket): readonly string[] {
  return worst.rules.map(({ filter }) => filter.prefix).filter((prefix) => prefix !== '');
}

/** Prefixes that hold state by their own name, or by that of their rule. */
function prefixesOfState({ worst }: LintableBucket, saysItsState: (name: string) => boolean): readonly string[] {
  const found = worst.rules.flatMap(({ id, filter: { prefix } }) => {
    if (saysItsState(prefix)) return [prefix];
    if (saysOtherContent(prefix)) return [];
    const isFlinks = saysFlink(prefix) || (id !== null && saysItsState(id) && !saysOtherContent(id));
    return isFlinks ? [prefix] : [];
  });
  return [...new Set(found)];
}
