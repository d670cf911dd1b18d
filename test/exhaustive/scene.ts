import { createHash } from 'node:crypto';
import type { PlaceMapping } from '#core/area/area.ts';
import type { Charge } from '#test/model/charge.ts';
import { metadataOf, stateContent } from '#test/model/flink/pieces.ts';
import { ALL_BUT_ONE } from '#test/model/naming.ts';
import { MemoryBucket, type StoredObject } from '#test/support/memory-bucket.ts';
import type { Deed, DeedOf } from './deeds.ts';
import { longName, ShortNames } from './names.ts';
import type { ChargeScript, Script } from './script.ts';
import { ScriptedLies } from './scripted-lies.ts';
import { ScriptedS3 } from './scripted-s3.ts';
import { Truth } from './truth.ts';
import { WatchedLedger } from './watched-ledger.ts';

const BEGIN = Date.UTC(2027, 0, 1);
const BUCKET = 's3://bucket';

/** Everything but the processes: a bucket, its ledgers, and what is true of them. */
export class Scene {
  readonly names = new ShortNames();
  readonly bucket: MemoryBucket;
  readonly truth: Truth;
  readonly charges: ReadonlyMap<string, Charge>;
  /** Epoch milliseconds. */
  now = BEGIN;
  /** Whether a steward takes the step that is taken. */
  isStewards = false;
  /** Runs of which the store has refused a deletion. */
  readonly refused = new Set<string>();
  readonly #script: Script;
  readonly #ledgers = new Map<string, WatchedLedger>();
  readonly #lies = new ScriptedLies();

  constructor(script: Script) {
    this.#script = script;
    this.bucket = new MemoryBucket({ name: BUCKET, now: () => this.now, versions: script.versions ?? false });
    const charges = Object.entries(script.charges ?? { main: {} });
    for (const { ledger = 'ledger' } of charges.map(([, charge]) => charge)) {
      this.#ledgers.set(ledger, this.#ledgers.get(ledger) ?? new WatchedLedger());
    }
    this.truth = new Truth(this.bucket, [...this.#ledgers.values()]);
    this.charges = new Map(charges.map(([name, charge]) => [name, this.#chargeOf(charge)]));
    this.bucket.watch((object) => this.#written(object));
    for (const stays of script.stays ?? []) {
      this.truth.stays.add(this.names.key(stays));
    }
  }

  /** What everybody but a steward does, in one step. */
  perform(who: string, deed: Exclude<Deed, DeedOf<'runs'>>): void {
    switch (deed.does) {
      case 'uploads':
        this.#put(deed.file);
        return;
      case 'completes':
        this.#complete(who, deed);
        return;
      case 'deletes':
        this.truth.roots.delete(longName(deed.object));
        this.bucket.delete(longName(deed.object));
        return;
      case 'starts':
        this.truth.fallbacks.set(who, longName(deed.from));
        this.#put(deed.file);
        return;
      case 'writes':
        this.truth.stays.add(longName(deed.object));
        this.#put(deed.object);
        return;
      case 'copies':
        this.#copy(deed);
        return;
      case 'lies':
        this.#lies.begin(this.names.key(deed.root), deed.how);
        return;
      case 'archives':
        this.bucket.archive(this.names.key(deed.object));
        return;
      case 'refuses':
        this.#lies.refuse(this.names.key(deed.object));
        return;
      case 'repeats pages':
        this.#lies.repeatPages();
        return;
      case 'heals':
        this.#lies.end();
        return;
      case 'damages':
        this.#ledger(deed.ledger).damage(deed.folder);
        return;
      case 'forgets':
        this.#ledger(deed.ledger).documents.delete(deed.document);
        return;
      case 'copies ledger':
        this.#ledger(deed.to).copy(this.#ledger(deed.from));
        return;
      case 'passes':
        this.now += deed.seconds * 1_000;
        return;
      case 'waits':
        this.now += deed.hours * 3_600_000;
        return;
    }
  }

  #ledger(name: string): WatchedLedger {
    const ledger = this.#ledgers.get(name);
    if (ledger === undefined) {
      throw new Error(`The world ${this.#script.name} has no ledger ${name}.`);
    }
    return ledger;
  }

  #put(short: string, content: string | Uint8Array = short.endsWith('/') ? '' : stateContent(short)): void {
    const md5 = createHash('md5').update(content).digest('hex');
    this.bucket.put(this.names.key(short), content, this.now, this.#script.multipart ? `${md5}-1` : md5);
  }

  #complete(who: string, { root, names, needs }: DeedOf<'completes'>): void {
    const key = this.names.key(root);
    const folder = key.slice(0, -'_metadata'.length);
    const files = names.map((name) => this.names.key(name));
    const content = metadataOf(
      {
        key,
        id: Number(/chk-(\d+)/.exec(root)?.[1] ?? 7),
        kind: root.startsWith('savepoints/') ? 'savepoint-native' : 'checkpoint',
        jobId: '',
        directory: '',
        shared: files
          .filter((file) => !file.startsWith(folder))
          .map((file) => ({ key: file, written: 'absolute', merged: false })),
        exclusive: files.filter((file) => file.startsWith(folder)),
        opaque: [],
        written: this.now,
      },
      BUCKET,
    );
    this.#put(root, content);
    const all = [...files, ...needs.map((need) => this.names.key(need))];
    this.truth.completed({ key, content, needs: all }, who);
  }

  /** Where an original is copied as a whole, its copy needs the copies as well: for the day on which the original is lost. */
  #copy({ object, to }: DeedOf<'copies'>): void {
    const original = this.bucket.get(longName(object));
    if (original === undefined) {
      throw new Error(`The world ${this.#script.name} copies ${object}, which is not there.`);
    }
    const root = this.truth.roots.get(original.key);
    this.#put(to, original.content);
    if (root !== undefined) {
      const copied = root.needs.map((need) => `backup/${need}`).filter((need) => this.bucket.has(need));
      const key = this.names.key(to);
      this.truth.roots.set(key, { ...root, key, needs: [...new Set([...root.needs, ...copied])] });
    }
  }

  #refusal(key: string, run: string): string | null {
    if (!this.#lies.refuses(key)) return null;
    this.refused.add(run);
    return 'The store says that this may not be deleted.';
  }

  #adapters(): ScriptedS3 {
    const unread = new Set(this.#script.unreadNames?.map((short) => this.names.key(short)));
    return new ScriptedS3(this.bucket, {
      repeatsPages: () => this.#lies.repeatsPages,
      cannotRead: (key) => unread.has(key),
    });
  }

  #written(object: StoredObject): void {
    this.#lies.written(object);
    if (this.isStewards) {
      this.truth.overwriting(object.key, object.content);
      this.truth.wrote(object);
    }
  }

  #chargeOf({ sites = [{ prefix: '' }], ledger = 'ledger', aliases = [], checksScope = false }: ChargeScript): Charge {
    return {
      sites: sites.map(({ name = BUCKET, prefix }) => ({
        bucket: this.bucket,
        name,
        prefix,
        lies: this.#lies,
        ignoresIfNoneMatch: this.#script.ignoresIfNoneMatch ?? false,
        deleting: (object, by) => this.truth.deleting(object, by),
        refuses: (key, by) => this.#refusal(key, by.name),
        ...(this.#script.throughS3 ? { adapters: this.#adapters() } : {}),
      })),
      aliases: aliases.map((alias): PlaceMapping => ({ from: placeOf(BUCKET), to: placeOf(alias) })),
      copies: [],
      heeds: ALL_BUT_ONE,
      ledger: this.#ledger(ledger),
      ledgerName: `${ledger} in memory`,
      checksScope,
    };
  }
}

function placeOf(bucket: string): PlaceMapping['from'] {
  return { scheme: 's3', authority: bucket.slice('s3://'.length), path: '' };
}
