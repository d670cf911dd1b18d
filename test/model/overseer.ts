import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { isDamaged, type Root } from '#core/collect/roots.ts';
import type { RetentionRule } from '#core/retention/decide.ts';
import type { RunReport } from '#operations/run/run.ts';
import type { MemoryBucket, StoredObject } from '#test/support/memory-bucket.ts';
import type { LedgerContent } from '#test/support/memory-ledger.ts';
import { isWhole } from './flink/checkpointing.ts';
import type { Flink } from './flink/flink.ts';
import type { Job } from './flink/job.ts';
import { needsOf, type RootTruth } from './flink/pieces.ts';
import type { Profile } from './profile.ts';
import type { Replica } from './replica.ts';
import { isInScope } from './scope.ts';
import { ModelViolation } from './violation.ts';

/** A run that found a job silent may still be at work when that goes on. Milliseconds. */
const LONGEST_RUN = 30 * 60_000;

/** What keeps roots for a time alone, once nobody writes any more. */
const PASSING: ReadonlySet<RetentionRule> = new Set([
  'undecidable-area',
  'starting-job',
  'late',
  'running-job',
  'unended-job',
  'min-age',
]);

/** A run of a steward that deletes something. */
export interface Deleter {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly began: number;
  readonly ledger: LedgerContent;
}

type OverseenProfile = Pick<Profile, 'settings' | 'savepointsAreUsers' | 'rest' | 'scope'>;

interface Withdrawn {
  readonly root: RootTruth;
  readonly object: StoredObject;
}

/** Knows the truth, and holds every deletion against it. */
export class Overseer {
  readonly #ledgers: readonly LedgerContent[];
  readonly #bucket: MemoryBucket;
  readonly #flink: Flink;
  readonly #profile: OverseenProfile;
  readonly #replica: Replica | null;
  /** Roots that stewards have retired. Of one key there are several where a job has begun anew. */
  readonly #withdrawn: Withdrawn[] = [];
  undone = 0;
  /** How often a root was retired from which a job was restored that had not shown itself. */
  unseen = 0;

  constructor(
    bucket: MemoryBucket,
    flink: Flink,
    ledgers: readonly LedgerContent[],
    profile: OverseenProfile,
    replica: Replica | null = null,
  ) {
    this.#ledgers = ledgers;
    this.#bucket = bucket;
    this.#flink = flink;
    this.#profile = profile;
    this.#replica = replica;
    bucket.watch((object) => this.#written(object));
  }

  isPaused(ledger: LedgerContent): boolean {
    return stateOf(ledger).paused !== null;
  }

  /** Asked just before a steward deletes an object. @throws ModelViolation where it must not. */
  deleting(object: StoredObject, by: Deleter): void {
    const { key } = object;
    const root = this.#flink.roots.get(key);
    if (this.#profile.scope.protects?.test(key)) {
      throw new ModelViolation(`${by.name} deletes ${key}, which is protected`);
    }
    this.#mustBeAllowed(`${this.#bucket.name}/${key}`, by);
    if (root !== undefined) {
      this.#retiring(root, object, by);
    } else {
      this.#sweeping(key, by.name, '');
    }
    this.#flink.swept.add(key);
  }

  /** The same for an object of the replica. */
  deletingCopy(object: StoredObject, by: Deleter): void {
    const key = this.#replica?.keyOfOriginal(object.key) ?? object.key;
    this.#mustBeAllowed(`${this.#replica?.bucket.name}/${object.key}`, by);
    if (this.#replica?.isRoot(key)) {
      this.#replica.retire(key, object);
    } else {
      this.#sweeping(key, by.name, ' of the replica');
    }
  }

  /** By what people have told the steward, and by the markers. */
  #mustBeAllowed(url: string, { name, began, ledger }: Deleter): void {
    const { paused, pins } = stateOf(ledger);
    if (paused !== null && Date.parse(paused.at) < began) {
      throw new ModelViolation(`${name} deletes ${url} though deleting was paused before it began`);
    }
    if (pins.some(({ url: pinned, at }) => pinned === url && Date.parse(at) < began)) {
      throw new ModelViolation(`${name} deletes ${url}, which was pinned before it began`);
    }
    const own = idOf(ledger);
    for (const marker of this.#bucket.keys().filter((key) => key.includes(MARKER_NAME))) {
      if (JSON.parse(`${this.#bucket.get(marker)?.content}`).ledger !== own) {
        throw new ModelViolation(`${name} deletes ${url}, where ${marker} names another ledger`);
      }
    }
  }

  #sweeping(key: string, by: string, where: string): void {
    if (this.#needed().has(key)) {
      throw new ModelViolation(`${by} deletes ${key}${where}, which is needed`);
    }
    if (
      this.#flink.isForeign(key) ||
      (key.endsWith('_metadata') && !this.#isBroughtBack(key)) ||
      (this.#profile.savepointsAreUsers && isOfSavepoint(key) && !this.#isOfRetired(key))
    ) {
      throw new ModelViolation(`${by} deletes ${key}${where}, which nobody gave it`);
    }
  }

  /** Flink deleted it just when a steward retired it, and then an undo of that has brought it back: nobody needs it. */
  #isBroughtBack(key: string): boolean {
    return this.#ledgers.some((ledger) =>
      stateOf(ledger).retired.some(({ url, state }) => url.endsWith(key) && state === 'restored'),
    );
  }

  /** A file of a savepoint that was retired goes as that savepoint did. */
  #isOfRetired(key: string): boolean {
    return this.#withdrawn.some(({ root }) => [...needsOf(root)].includes(key));
  }

  /** A file that a root of either bucket names is needed in both: nobody can tell its copy from the file itself. */
  #needed(): Set<string> {
    return new Set([...this.#flink.needed(), ...(this.#replica?.needed() ?? [])]);
  }

  /** What a finished run says of itself. */
  check({ breakers, survey }: RunReport): void {
    const [told] = breakers.filter(({ breaker }) => breaker === 'deleted-is-named');
    if (told !== undefined) {
      throw new ModelViolation(told.sentence);
    }
    for (const root of this.#originals(survey)) {
      const truth = this.#flink.roots.get(root.key);
      const before = this.#withdrawn.find((each) => each.root === truth);
      if (before !== undefined && root.state === 'read' && root.completed !== before.object.modified) {
        throw new ModelViolation(`${root.key} was put back and has lost its place in the order`);
      }
    }
  }

  /** Once Flink has rested for long: all garbage has gone but what is protected by its place. */
  checkRest(decisions: RunReport['decisions']): void {
    for (const { root, reasons } of decisions) {
      const passing = reasons.find(({ rule }) => PASSING.has(rule));
      if (passing !== undefined) {
        throw new ModelViolation(`${root.key} is kept for good, though only by a passing reason: ${passing.sentence}`);
      }
    }
    const needed = this.#needed();
    const isWanted = (key: string): boolean => needed.has(key) || this.#isProtected(key);
    const left = [
      ...this.#bucket.keys().filter((key) => !(isWanted(key) || this.#flink.roots.has(key) || this.#isCopy(key))),
      ...(this.#replica?.keys() ?? [])
        .filter((key) => !(isWanted(key) || this.#replica?.isRoot(key)))
        .map((key) => `${key} of the replica`),
    ];
    if (left.length > 0) {
      throw new ModelViolation(`Garbage stays for good: ${left.join(', ')}`);
    }
    for (const { root } of this.#withdrawn) {
      const isKnown = this.#ledgers
        .flatMap((ledger) => stateOf(ledger).retired)
        .some(({ url }) => url.endsWith(root.key));
      if (!isKnown && !this.#flink.roots.has(root.key)) {
        throw new ModelViolation(`${root.key} was retired, and the ledger does not know of it`);
      }
    }
  }

  /** What a run finds that only looks. @throws ModelViolation where that is more, or less, than Flink itself has damaged. */
  audit(report: RunReport | null): void {
    if (report === null) {
      throw new ModelViolation('Once everything rests, nobody can look at it');
    }
    const { undecidable } = report.survey;
    if (undecidable.length > 0) {
      throw new ModelViolation(
        `At the end the area is undecidable: ${undecidable.map(({ sentence }) => sentence).join('; ')}`,
      );
    }
    for (const root of this.#originals(report.survey)) {
      const truth = this.#flink.roots.get(root.key);
      // What Flink writes wrongly (FLINK-39964) may be missing by its own word, and is there.
      const isWrong = truth?.shared.some(({ written }) => written === 'beside') ?? true;
      if (!isWrong && truth !== undefined && isDamaged(root) === isWhole(this.#flink, truth)) {
        throw new ModelViolation(`An audit finds ${root.key} ${isDamaged(root) ? 'damaged' : 'whole'}, and it is not`);
      }
    }
  }

  /** Of the roots that a run saw, those of Flink's own bucket, each under one name. */
  #originals({ area, reachability }: RunReport['survey']): readonly Root[] {
    return reachability.roots.filter(
      ({ location }) => location === 0 || area.locations[location]?.store === this.#bucket.name,
    );
  }

  #isCopy(key: string): boolean {
    return this.#replica?.bucket === this.#bucket && this.#replica.keyOfOriginal(key) !== null;
  }

  #isProtected(key: string): boolean {
    const isTaskOwned = /\/taskowned\/[^/]+$/.test(key) && !this.#profile.settings.taskowned;
    // Without a job id in the path nothing shows that a directory without a root is given up.
    const isFlat = key.startsWith('flat/') && ![...this.#flink.roots.keys()].some((root) => root.startsWith('flat/'));
    return (
      isTaskOwned ||
      (this.#profile.scope.protects?.test(key) ?? false) ||
      isFlat ||
      this.#isChangelogAlone(key) ||
      this.#isLikeAnyFolder(key) ||
      isOfSavepoint(key) ||
      this.#flink.isForeign(key) ||
      key.includes(MARKER_NAME) ||
      key.endsWith('/')
    );
  }

  /**
   * Once the roots beside it and those of its id have gone, and all that lay beside it in its own directory, a `shared/` or
   * a `chk-N/` below 32 digits may be anybody's. People declare such a job dead.
   */
  #isLikeAnyFolder(key: string): boolean {
    const [, folder = '', job = '', kind = ''] = /^(.*\/)([0-9a-f]{32})\/(shared\/|chk-)/.exec(key) ?? [];
    const showsFlink = (other: string): boolean =>
      other.startsWith(`${folder}${job}/`)
        ? !other.startsWith(`${folder}${job}/${kind}`)
        : other.endsWith('/_metadata') && (other.startsWith(folder) || other.includes(`/${job}/`));
    return job !== '' && !this.#bucket.keys().some(showsFlink);
  }

  /** Where nothing else bears its job id, nothing shows that a changelog is a job's: such folders stay for good. */
  #isChangelogAlone(key: string): boolean {
    const [, job] = /^flink\/changelog\/([^/]+)\//.exec(key) ?? [];
    // A copy of it shows no more than it does itself.
    const isElsewhere = (other: string): boolean => !other.includes('flink/changelog/') && other.includes(`${job}/`);
    return job !== undefined && !this.#bucket.keys().some(isElsewhere);
  }

  #retiring(root: RootTruth, object: StoredObject, { name: by, began }: Deleter): void {
    const { key } = root;
    if (this.#profile.scope.retains?.test(key) === false) {
      throw new ModelViolation(`${by} retires ${key}, which no policy is for`);
    }
    for (const job of this.#flink.jobs.filter(({ isAlive }) => isAlive)) {
      const fallback = job.retained.at(-1) ?? job.restoredFrom;
      if (fallback === root && job.completed === 0 && !this.#shows(job, began)) {
        // Nobody who looked into the bucket could know. By hand it goes on from another one.
        this.unseen++;
        job.state = 'ended';
        continue;
      }
      // An older one that Flink retains as well may go, once its job has been silent for so long that it counts as ended.
      if (fallback === root) {
        const now = this.#bucket.now();
        const lastSeen = job.triggered === 0 ? job.started : job.triggered;
        const isSilent = now - lastSeen >= this.#profile.settings.deadAfter || now - job.restedUntil < LONGEST_RUN;
        if (!(isSilent && this.#hasNewer(root))) {
          throw new ModelViolation(`${by} retires ${key}, on which job ${job.spec.jobId} depends`);
        }
        // A JobManager died between the `_metadata` and the pointer to it. By hand the job goes on from the newer one.
        job.state = 'ended';
      }
      job.retained = job.retained.filter((other) => other !== root);
    }
    const parent = parentOf(key);
    const isLast = ![...this.#flink.roots.values()].some(
      (other) => other !== root && other.key.startsWith(parent) && isWhole(this.#flink, other),
    );
    // Of a claimed checkpoint the files are its successor's, which may begin to delete them between survey and retirement.
    const isClaimed = [...this.#flink.claimed].some((claimed) => claimed.startsWith(parent));
    if (isLast && !isClaimed && root.kind === 'checkpoint') {
      throw new ModelViolation(`${by} retires ${key}, the last restore point of its job`);
    }
    if (root.kind.startsWith('savepoint') && !this.#hasAnother(root)) {
      throw new ModelViolation(`${by} retires ${key}, all that is left of its job`);
    }
    this.#flink.roots.delete(key);
    // One that is retired again keeps the time that it had before it was first put back.
    if (!this.#withdrawn.some((earlier) => earlier.root === root)) {
      this.#withdrawn.push({ root, object });
    }
  }

  /** Whether its job can be restored from another snapshot. */
  #hasAnother(root: RootTruth): boolean {
    return [...this.#flink.roots.values()].some(
      (other) =>
        other !== root &&
        other.jobId === root.jobId &&
        other.directory === root.directory &&
        isWhole(this.#flink, other),
    );
  }

  /**
   * Whether a run could see that a job is at work which has completed no checkpoint yet, and so may need any snapshot.
   * Until it has written something, only a JobManager that is asked can tell; nor does anybody see what is not in the area.
   */
  #shows(job: Job, began: number): boolean {
    if (this.#profile.rest && job.state === 'running' && job.started < began) {
      return true;
    }
    const { deadAfter } = this.#profile.settings;
    return [...job.written].some(
      ([key, at]) =>
        at < began && began - at < deadAfter && this.#bucket.has(key) && isInScope(key, this.#profile.scope),
    );
  }

  #hasNewer(root: RootTruth): boolean {
    return [...this.#flink.roots.values()].some(
      (other) =>
        parentOf(other.key) === parentOf(root.key) && other.written > root.written && isWhole(this.#flink, other),
    );
  }

  #written(object: StoredObject): void {
    this.#flink.swept.delete(object.key);
    const withdrawn = this.#withdrawn.findLast(
      (each) => each.object.key === object.key && each.object.content.equals(object.content),
    );
    if (withdrawn !== undefined && !this.#flink.roots.has(object.key)) {
      this.undone++;
      this.#flink.roots.set(object.key, withdrawn.root);
      for (const key of needsOf(withdrawn.root)) {
        if (this.#flink.swept.has(key)) {
          throw new ModelViolation(`${object.key} is put back, but ${key} that it names has been deleted`);
        }
      }
    }
  }
}

interface State {
  readonly paused: { readonly at: string } | null;
  readonly pins: readonly { readonly url: string; readonly at: string }[];
  readonly retired: readonly { readonly url: string; readonly state: string }[];
}

/** What people told a ledger, and what it has retired. */
function stateOf(ledger: LedgerContent): State {
  const text = ledger.documents.get('state')?.text;
  return text === undefined ? { paused: null, pins: [], retired: [] } : JSON.parse(text);
}

function idOf(ledger: LedgerContent): string | null {
  const text = ledger.documents.get('ledger')?.text;
  return text === undefined ? null : JSON.parse(text).id;
}

/** The folder of a checkpoint or savepoint, with a closing slash. */
function parentOf(key: string): string {
  return key.replace(/[^/]+\/_metadata$/, '');
}

/** Savepoints belong to their users. */
function isOfSavepoint(key: string): boolean {
  return key.startsWith('flink/sp/');
}
