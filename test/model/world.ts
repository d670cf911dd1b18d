import { vi } from 'vitest';
import type { RunReport } from '#operations/run/run.ts';
import { MemoryBucket, type StoredObject } from '#test/support/memory-bucket.ts';
import { Chance } from './chance.ts';
import type { Charge } from './charge.ts';
import { chooseErrand } from './errands.ts';
import { Flink } from './flink/flink.ts';
import { suspend } from './flink/lifecycle.ts';
import { Lies } from './lying-store.ts';
import { chargesOf, keeperOf } from './naming.ts';
import { type Deleter, Overseer } from './overseer.ts';
import type { Profile } from './profile.ts';
import { Replica } from './replica.ts';
import { isInScope, ROOT_FOLDERS } from './scope.ts';
import { type Errand, isExpected, type Mutation, type Office, runErrand } from './steward.ts';
import { type Fate, Participant, settle, Turnstile } from './turnstile.ts';
import { ModelViolation } from './violation.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const BEGIN = Date.UTC(2027, 0, 1);
/** Requests are answered, or given up by the store, within this time. */
const LONGEST_REQUEST = 50 * SECOND;
const TRACE = 400;
/** Of a clean-up. It is at its end after some runs in which nothing more goes: what they saw may go in the next one. */
const MOST_RUNS = 20;
const QUIET_RUNS = 3;
/** Of the stores of one steward after another: buckets whose requests hardly show anything, a directory, a bucket. */
const KEYS_PER_REQUEST = [3, undefined, 1_000, 6] as const;

/** A bucket, the Flinks that write into it, and the stewards that look after it: one life of all of them by one seed. */
export class World {
  readonly profile: Profile;
  readonly chance: Chance;
  readonly bucket: MemoryBucket;
  readonly flink: Flink;
  readonly overseer: Overseer;
  readonly #replica: Replica | null;
  /** By a chance of its own: where nobody renames anything, a life goes as it did before anybody could. */
  readonly #people: Chance;
  readonly #lies: Lies;
  readonly #office: Office;
  readonly #charges: readonly [Charge, ...Charge[]];
  readonly #keeper: Charge;
  readonly #turnstile: Turnstile;
  readonly #trace: string[] = [];
  readonly #busy = new Set<Participant>();
  #now = BEGIN;
  #errands = 0;
  #isResting = false;
  /** Whether a run over the whole area has come to its end. */
  #isKnown = false;
  /** How likely it is that a call fails; most errands pass without. */
  #faults = 0;
  #surprise: unknown = null;
  /** Of the last run. */
  #decisions: RunReport['decisions'] = [];
  #last: RunReport | null = null;
  /** How often each thing has happened, to see that the model does something. */
  readonly counts = {
    steps: 0,
    runs: 0,
    deleted: 0,
    deletedCopies: 0,
    retired: 0,
    /** Of these, beside jobs that run. */
    retiredBesideJobs: 0,
    undone: 0,
    deaths: 0,
    failures: 0,
    undecidable: 0,
    spared: 0,
    unseen: 0,
    /** Collections in shards that came to their end. */
    sharded: 0,
    /** Runs that deleted nothing, as a root outside the area references files in it. */
    outside: 0,
  };

  constructor(profile: Profile, mutation: Mutation = {}) {
    this.profile = profile;
    this.chance = new Chance(profile.seed);
    this.bucket = new MemoryBucket({ now: () => this.#now, versions: profile.versions });
    this.#turnstile = new Turnstile(this.chance);
    this.flink = new Flink(this.bucket, this.chance, profile.flink);
    this.flink.addForeign();
    if (profile.scope.isTooSmall)
      this.flink.addOutside(ROOT_FOLDERS.filter((folder) => !isInScope(folder, profile.scope)));
    this.#replica = profile.copies === 'none' ? null : new Replica(this.flink, new Chance(profile.seed ^ 0x5ec0));
    // By a chance of its own: without lies a life goes as it did before there were any.
    this.#people = new Chance(profile.seed ^ 0x9e0);
    this.#lies = new Lies(this.bucket, new Chance(profile.seed ^ 0x11e5), profile.lies, profile.lieKinds);
    const places = {
      bucket: this.bucket,
      lies: this.#lies,
      replica: this.#replica,
      deleting: (object: StoredObject, by: Deleter) => this.#deleting(object, by),
      deletingCopy: (object: StoredObject, by: Deleter) => this.#deletingCopy(object, by),
    };
    this.#charges = chargesOf(profile, places);
    this.#keeper = keeperOf(profile, this.#charges, places);
    const ledgers = this.#charges.map(({ ledger }) => ledger);
    this.overseer = new Overseer(this.bucket, this.flink, ledgers, profile, this.#replica);
    this.#office = {
      now: () => this.#now,
      flink: this.flink,
      pick: (runs) => this.chance.pick(runs),
      settings: profile.settings,
      rest: profile.rest,
      retains: profile.retains,
      policy: profile.policy,
      protects: (key) => profile.scope.protects?.test(key) ?? false,
      retainsRoot: (key) => profile.scope.retains?.test(key) ?? true,
      mutation,
      hasEnded: ({ process }) =>
        // A run that many processes work for has none of its own.
        mutation.stealsLeases === true || (process !== null && profile.sameHost && !this.#isAlive(process)),
    };
  }

  /** @throws ModelViolation with the last things that happened. */
  async live(steps: number): Promise<void> {
    try {
      // Before the first steward comes, there is something to find.
      this.#work(this.chance.between(20, 80), 90 * SECOND);
      if (this.chance.in(0.4)) {
        this.#rest();
        this.#work(this.chance.between(5, 40), 90 * SECOND);
      }
      for (let step = 0; step < steps; step++) {
        this.counts.steps++;
        await this.#step();
      }
      if (this.profile.settles) {
        await this.#comeToRest();
      }
    } catch (error) {
      if (error instanceof ModelViolation) {
        throw new ModelViolation(
          `${error.message}\nseed ${this.profile.seed}, step ${this.counts.steps}. What happened before:\n${this.#trace.join('\n')}`,
          { cause: error },
        );
      }
      throw error;
    } finally {
      vi.clearAllTimers();
    }
  }

  async #step(): Promise<void> {
    await settle();
    if (this.#surprise !== null) {
      throw this.#surprise;
    }
    const { chance } = this;
    if (this.#busy.size === 0) {
      this.#pause();
      this.#beginAny();
    } else if (chance.in(this.profile.busy)) {
      this.#advance(chance.between(0, 2 * SECOND));
      this.#move();
    } else if (chance.in(0.0015) && this.#busy.size < 2) {
      this.#beginAny();
    } else if (chance.in(0.0012)) {
      this.#stall();
    } else {
      for (let calls = chance.between(1, 4); calls > 0; calls--) {
        this.#letThrough();
      }
      this.#advance(chance.between(0, 400));
      this.#bury();
    }
  }

  #move(): void {
    this.#tell(this.flink.move());
    const copied = this.#replica?.move() ?? null;
    if (copied !== null) {
      this.#tell(copied);
    }
    if (this.#people.in(this.profile.renames)) {
      this.#tell(this.flink.keepUnderOtherName(this.#people) ?? 'Nobody copies a checkpoint');
    }
  }

  #letThrough(): void {
    const told = this.#turnstile.next(() => this.#fate());
    if (told !== null) {
      this.#tell(told);
    }
  }

  #fate(): Fate {
    if (this.#faults === 0 || !this.chance.in(this.#faults)) {
      return 'done';
    }
    this.counts.failures++;
    return this.chance.weighted<Fate>([
      [3, 'fails'],
      [2, 'fails after all'],
      [1, 'dies'],
      [1, 'dies after all'],
    ]);
  }

  /** Between two runs Flink works, or rests for long. */
  #pause(): void {
    const { chance } = this;
    if (chance.in(0.12)) {
      this.#rest();
      return;
    }
    this.#work(chance.between(3, 30), chance.pick([20 * SECOND, 90 * SECOND, 4 * MINUTE]));
  }

  /** For hours nothing happens. */
  #rest(): void {
    this.flink.forgetUnnamed();
    this.#advance(this.chance.between(HOUR, 12 * HOUR));
    for (const job of this.flink.jobs) {
      job.restedUntil = this.#now;
    }
  }

  #work(moves: number, longest: number): void {
    for (let move = 0; move < moves; move++) {
      this.#advance(this.chance.between(0, longest));
      this.#move();
    }
  }

  /** Everybody but Flink stands still: a process that was stopped, a machine that was overloaded. */
  #stall(): void {
    this.#tell('Everything stands still but Flink');
    // Whatever was on its way by then has arrived, or will not.
    this.#turnstile.drain((call) => call.startsWith('delete') || call.startsWith('put'));
    this.#work(this.chance.between(2, 12), LONGEST_REQUEST);
  }

  #advance(milliseconds: number): void {
    this.#now += milliseconds;
    vi.advanceTimersByTime(milliseconds);
    this.flink.expire();
  }

  #beginAny(): void {
    const { chance, profile } = this;
    const [main, other] = this.#charges;
    if (profile.naming === 'two ledgers' && this.#busy.size === 0 && chance.in(0.08)) {
      // Nobody takes an area over from a ledger with which somebody is at work.
      this.#begin({ does: 'take-over' }, chance.pick(this.#charges));
      return;
    }
    // Who names a part knows of the whole: there is a configuration and a ledger of it.
    const isOther = other !== undefined && (profile.naming !== 'part' || this.#isKnown) && chance.in(0.6);
    const charge = isOther ? other : main;
    const errand = chooseErrand(this, charge);
    this.#begin(errand, charge);
  }

  #begin(errand: Errand, charge = this.#charges[0]): Participant {
    const { faults } = this.profile;
    this.#errands++;
    const who = new Participant(
      nameOfRun(this.#now, this.#errands),
      this.#now,
      this.#turnstile,
      this.chance.in(this.profile.shortPages) ? 'short' : 'long',
      KEYS_PER_REQUEST[this.#errands % KEYS_PER_REQUEST.length],
    );
    this.#busy.add(who);
    this.#faults = !this.#isResting && this.chance.in(faults.errands) ? faults.calls : 0;
    const where = charge.sites.map(({ name, prefix }) => `${name}/${prefix}`).join(', ');
    this.#tell(`${who.name} begins in ${where}: ${JSON.stringify(errand)}`);
    runErrand(this.#office, charge, who, errand)
      .then((report) => this.#ended(who, charge, errand, report))
      .catch((error: unknown) => {
        if (isExpected(error)) {
          this.#tell(`${who.name} ends: ${String(error)}`);
        } else if (who.alive) {
          this.#surprise ??=
            error instanceof ModelViolation
              ? error
              : new ModelViolation(`${who.name} ends with ${String(error)}`, { cause: error });
        }
      })
      .finally(() => this.#busy.delete(who));
    return who;
  }

  #ended(who: Participant, charge: Charge, { does }: Errand, report: RunReport | null): void {
    this.counts.runs++;
    this.counts.sharded += does === 'collect-in-shards' ? 1 : 0;
    this.#isKnown ||= charge === this.#charges[0] && report !== null;
    if (report !== null) {
      this.#tell(`${who.name} ends: ${report.record.result} ${report.record.why ?? ''}`);
      this.counts.retired += report.retired.retired.length;
      this.counts.retiredBesideJobs += this.#isResting ? 0 : report.retired.retired.length;
      this.#decisions = report.decisions;
      this.counts.spared += report.applied?.spared ?? 0;
      this.counts.undecidable += report.record.result === 'undecidable' ? 1 : 0;
      this.counts.outside += report.survey.undecidable.some(({ code }) => code === 'outside-root') ? 1 : 0;
      this.overseer.check(report);
      this.#last = report;
    }
  }

  #deleting(object: StoredObject, by: Deleter): void {
    if (this.#replica !== null && this.#replica.prefix !== '' && this.#replica.keyOfOriginal(object.key) !== null) {
      this.#deletingCopy(object, by);
      return;
    }
    this.counts.deleted++;
    this.overseer.deleting(object, by);
  }

  #deletingCopy(object: StoredObject, by: Deleter): void {
    this.counts.deletedCopies++;
    this.overseer.deletingCopy(object, by);
  }

  #isAlive(name: string): boolean {
    return [...this.#busy].some((who) => who.name === name && who.alive);
  }

  #bury(): void {
    for (const who of this.#busy) {
      if (!who.alive) {
        this.counts.deaths++;
        this.#busy.delete(who);
      }
    }
  }

  /** Flink rests for so long that everything is over, and runs without failures clean up. */
  async #comeToRest(): Promise<void> {
    this.#faults = 0;
    this.#lies.likelihood = 0;
    this.#isResting = true;
    await this.#finish();
    for (const job of this.flink.jobs.filter(({ state }) => state === 'running')) {
      suspend(this.flink, job);
    }
    this.#advance(HOUR);
    this.#begin({ does: this.profile.naming === 'two ledgers' ? 'take-over' : 'resume' }, this.#keeper);
    await this.#finish();
    this.#advance(this.profile.settings.abandonedAfter + this.profile.settings.taskownedMinAge);
    // What is retired in one run may be what kept another root, whose files go two runs later.
    let quiet = 0;
    for (let run = 0; run < MOST_RUNS && quiet < QUIET_RUNS; run++) {
      const before = this.#done();
      this.#begin({ does: 'collect' }, this.#keeper);
      await this.#finish();
      if (run === 0 && this.profile.retains) {
        this.#begin({ does: 'undo' }, this.#keeper);
        await this.#finish();
      }
      // Longer than any quarantine: a job that rested within a checkpoint seems to have a timeout of half a day.
      this.#advance(36 * HOUR);
      quiet = this.#done() === before ? quiet + 1 : 0;
    }
    this.overseer.checkRest(this.#decisions);
    await this.#audit();
    this.counts.undone = this.overseer.undone;
    this.counts.unseen = this.overseer.unseen;
    if (quiet < QUIET_RUNS) {
      throw new ModelViolation('Runs over an area in which nothing has changed go on to delete');
    }
  }

  /** Somebody looks at what is left, and finds nothing but what Flink itself has damaged. */
  async #audit(): Promise<void> {
    this.#last = null;
    this.#begin({ does: 'observe' }, this.#keeper);
    await this.#finish();
    this.overseer.audit(this.#last);
  }

  /** How much all stewards have deleted and retired. */
  #done(): number {
    const { deleted, deletedCopies, retired } = this.counts;
    return deleted + deletedCopies + retired;
  }

  async #finish(): Promise<void> {
    for (;;) {
      await settle();
      if (this.#surprise !== null) {
        throw this.#surprise;
      }
      this.#letThrough();
      this.#bury();
      if (this.#busy.size === 0) {
        return;
      }
    }
  }

  #tell(what: string): void {
    if (this.#trace.push(`${new Date(this.#now).toISOString().slice(5, 23)} ${what}`) > TRACE) {
      this.#trace.shift();
    }
  }
}

/** Such as runs have: it tells when it began. */
function nameOfRun(now: number, number: number): string {
  return `${new Date(now).toISOString().replace(/[-:.]/g, '')}-${String(number).padStart(5, '0')}`;
}
