import { vi } from 'vitest';
import { mutationOf, type Switch } from '#test/model/mutations.ts';
import { type Errand, isExpected, type Office, runErrand } from '#test/model/steward.ts';
import { Participant, settle } from '#test/model/turnstile.ts';
import { untruthOf, untruthOfUndo } from './claims.ts';
import { type Deed, type DeedOf, sentenceOf } from './deeds.ts';
import { doConflict, type Touch, touchesOfCall, touchesOfDeed } from './footprint.ts';
import { Line } from './line.ts';
import { longName } from './names.ts';
import { Scene } from './scene.ts';
import { type Script, SETTINGS } from './script.ts';
import { clusterOf } from './scripted-cluster.ts';

/** Who waits until all others do; its turn is the last. */
export const CLOCK = 'the clock';
/** Of a call, milliseconds. */
const CALL = 10;
/** Whoever has called nothing for so many turns of the event loop, and has not ended, waits for ever. */
const MOST_TURNS = 1_000_000;
/** No run takes a third as many. */
const MOST_CALLS = 2_000;

/** What can happen next. */
export interface Turn {
  readonly who: string;
  /** The process dies once the call is through. */
  readonly dies: boolean;
}

/** A step that was taken. */
export interface Step {
  readonly who: string;
  /** As a sentence, with short names. */
  readonly says: string;
  /** Of a call that changes nothing. */
  readonly isQuiet: boolean;
}

interface Process {
  readonly who: Participant;
  readonly ledger: string;
  isOver: boolean;
  calls: number;
}

interface Actor {
  readonly deeds: readonly Deed[];
  next: number;
  process: Process | null;
}

/** The actors of a script, each with what it does next. One step is taken at a time. */
export class Stage {
  readonly steps: Step[] = [];
  readonly #scene: Scene;
  readonly #office: Office;
  readonly #line: Line;
  readonly #actors: Map<string, Actor>;
  readonly #processes = new Map<string, Process>();
  /** Why the world is not as it must be, in a sentence. */
  #wrong: string | null = null;

  constructor(script: Script, off: ReadonlySet<Switch>) {
    this.#scene = new Scene(script);
    const { bucket } = this.#scene;
    this.#line = new Line(script.page ?? 1_000);
    this.#actors = actorsOf(script.actors);
    const protects = new Set(script.protects?.map((short) => this.#scene.names.key(short)));
    this.#office = {
      now: () => this.#scene.now,
      flink: {
        bucket,
        rest: (gate) => clusterOf(script.running ?? [], gate),
      },
      pick: ([run = '']) => run,
      settings: { ...SETTINGS, ...script.settings },
      rest: script.running !== undefined,
      protects: (key) => protects.has(key),
      retains: script.retains ?? false,
      mutation: mutationOf(off),
      undone: (result) => {
        this.#wrong ??= untruthOfUndo(result, this.#scene);
      },
      // A run that many processes work for has none of its own.
      hasEnded: ({ process }) =>
        off.has('lease') || (process !== null && this.#processes.get(process)?.isOver !== false),
    };
  }

  /** What is lost, or does not end; null where all is well. */
  get wrong(): string | null {
    const wrong = this.#wrong ?? this.#scene.truth.loss;
    return wrong === null ? null : this.#scene.names.in(wrong);
  }

  /** Does deeds in their order, with nobody between. */
  async perform(deeds: NonNullable<Script['after']>): Promise<void> {
    for (const [who, ...theirs] of deeds) {
      const actor: Actor = { deeds: theirs, next: 0, process: null };
      while (!this.#isDone(actor) && this.wrong === null) {
        await this.#step(who, actor, false);
      }
    }
  }

  /** Who can take the next step, in the order of the script. */
  turns(): readonly string[] {
    const able = [...this.#actors].filter(([, actor]) => !this.#isDone(actor) && !this.#waits(actor));
    const isNight = able.every(([, actor]) => !actor.deeds.slice(actor.next).some(isWait));
    const isAnybodyWaiting = [...this.#actors.values()].some((actor) => this.#waits(actor));
    return [...able.map(([who]) => who), ...(isNight && isAnybodyWaiting ? [CLOCK] : [])];
  }

  /** Whether this actor could die with its next call: dying before or after what changes nothing is all the same. */
  canDie(who: string): boolean {
    const actor = this.#actors.get(who);
    const call = actor?.process == null ? undefined : this.#line.first(actor.process.who);
    return call !== undefined && changes(call);
  }

  /** Whether it matters that this actor's next step comes before all that others do meanwhile, or after. */
  isInTheWay(who: string): boolean {
    const others = [...this.#actors].filter(([other]) => other !== who).map(([, actor]) => actor);
    const isFree =
      who === CLOCK || !(this.#actors.get(who)?.deeds.slice(this.#actors.get(who)?.next) ?? []).some(isWait);
    if (isFree && others.some(({ deeds, next }) => deeds.slice(next).some(isWait))) {
      return true;
    }
    const own = this.#touchesNext(who);
    return others.some((actor) => doConflict(own, touchesLeft(actor)));
  }

  async take({ who, dies }: Turn): Promise<void> {
    if (who === CLOCK) {
      this.#night();
      return;
    }
    const actor = this.#actors.get(who);
    if (actor === undefined) {
      throw new Error(`There is no ${who}.`);
    }
    await this.#step(who, actor, dies);
  }

  /** Told once nobody does anything any more. */
  end(goes: readonly string[]): void {
    this.#scene.truth.end();
    const left = goes.filter((short) => this.#scene.bucket.has(longName(short)));
    if (left.length > 0) {
      this.#wrong ??= `Garbage stays for good: ${left.join(', ')}.`;
    }
  }

  #night(): void {
    const waiting = [...this.#actors.values()].filter((actor) => this.#waits(actor));
    const hours = new Set(waiting.map(({ deeds, next }) => JSON.stringify(deeds[next])));
    const [deed] = waiting.map(({ deeds, next }) => deeds[next]);
    if (hours.size !== 1 || deed === undefined || deed.does === 'runs') {
      throw new Error('Those who wait do not wait for the same time.');
    }
    for (const actor of waiting) {
      actor.next++;
    }
    this.#scene.perform(CLOCK, deed);
    this.#tell(CLOCK, sentenceOf(CLOCK, deed));
  }

  async #step(who: string, actor: Actor, dies: boolean): Promise<void> {
    const { process } = actor;
    const deed = actor.deeds[actor.next];
    if (process !== null) {
      this.#call(who, process, dies);
    } else if (deed?.does === 'runs') {
      actor.next++;
      this.#begin(who, actor, deed);
    } else if (deed !== undefined) {
      actor.next++;
      this.#scene.perform(who, deed);
      this.#tell(who, sentenceOf(who, deed));
      this.#pass(CALL);
    }
    await this.#settle();
    if (actor.process?.isOver) {
      actor.process = null;
    }
  }

  #call(who: string, process: Process, dies: boolean): void {
    this.#scene.isStewards = true;
    const call = this.#line.letThrough(process.who, dies ? 'dies after all' : 'done');
    this.#scene.isStewards = false;
    this.#tell(who, `${who}: ${call}${dies ? ', and dies' : ''}`, !(changes(call) || dies));
    process.isOver ||= dies;
    process.calls++;
    if (process.calls > MOST_CALLS) this.#wrong ??= `${who} has called so often that it may never end.`;
    this.#pass(CALL);
  }

  #begin(who: string, actor: Actor, deed: DeedOf<'runs'>): void {
    const charge = this.#scene.charges.get(deed.charge);
    if (charge === undefined) {
      throw new Error(`There is no charge ${deed.charge}.`);
    }
    this.#tell(who, sentenceOf(who, deed));
    const name = this.#nameOfRun();
    const process = {
      who: new Participant(name, this.#scene.now, this.#line, 'short', 1_000),
      ledger: deed.charge,
      isOver: false,
      calls: 0,
    };
    actor.process = process;
    this.#processes.set(name, process);
    runErrand(this.#office, charge, process.who, this.#errand(deed.errand))
      .then((report) => {
        if (report !== null) {
          this.#tell(who, `${who} ends: ${report.record.result}. ${report.record.why ?? ''}`.trim());
          this.#wrong ??= untruthOf(report, process.who, this.#scene);
        }
      })
      .catch((error: unknown) => {
        this.#tell(who, `${who} ends: ${String(error)}`);
        if (!isExpected(error)) this.#wrong ??= `${who} ends with ${String(error)}`;
      })
      .finally(() => {
        process.isOver = true;
      });
  }

  /** Such as runs have: they tell the time. */
  #nameOfRun(): string {
    const number = String(this.#processes.size + 1).padStart(4, '0');
    const name = `${new Date(this.#scene.now).toISOString().replace(/[-:.]/g, '')}-${number}`;
    this.#scene.names.know(name, `run-${number}`);
    return name;
  }

  #errand(errand: Errand): Errand {
    return 'url' in errand ? { ...errand, url: `${this.#scene.bucket.name}/${longName(errand.url)}` } : errand;
  }

  /** Waits until every process has come to its next call, or to its end. */
  async #settle(): Promise<void> {
    await settle();
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const idle = [...this.#processes].find(([, { who, isOver }]) => !isOver && this.#line.first(who) === undefined);
      if (idle === undefined) {
        return;
      }
      await settle();
    }
    this.#wrong ??= 'A run waits for ever.';
  }

  #pass(milliseconds: number): void {
    this.#scene.now += milliseconds;
    vi.advanceTimersByTime(milliseconds);
  }

  #isDone({ deeds, next, process }: Actor): boolean {
    return process === null && next >= deeds.length;
  }

  #waits({ deeds, next, process }: Actor): boolean {
    return process === null && deeds[next]?.does === 'waits';
  }

  #touchesNext(who: string): readonly Touch[] {
    const actor = this.#actors.get(who);
    if (actor === undefined) return [{ what: 'all', name: '', changes: true }];
    const call = actor.process === null ? undefined : this.#line.first(actor.process.who);
    if (actor.process !== null && call !== undefined) return touchesOfCall(call, actor.process.ledger);
    const deed = actor.deeds[actor.next];
    // To begin a run calls nothing yet.
    return deed === undefined || deed.does === 'runs' ? [] : touchesOfDeed(deed);
  }

  #tell(who: string, says: string, isQuiet = false): void {
    this.steps.push({ who, says: this.#scene.names.in(says), isQuiet });
  }
}

function actorsOf(actors: Script['actors']): Map<string, Actor> {
  return new Map(Object.entries(actors).map(([who, deeds]) => [who, { deeds, next: 0, process: null }]));
}

function changes(call: string): boolean {
  return /^(?:ledger: write|put|delete|restore|send) /.test(call);
}

function isWait({ does }: Deed): boolean {
  return does === 'waits';
}

/** What it may still touch before it waits for the others. */
function touchesLeft({ deeds, next, process }: Actor): readonly Touch[] {
  const rest = deeds.slice(process === null ? next : next - 1);
  const until = rest.findIndex(isWait);
  return rest.slice(0, until === -1 ? undefined : until).flatMap(touchesOfDeed);
}
