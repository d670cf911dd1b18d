import { Buffer } from 'node:buffer';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { LedgerBucket } from '#adapters/ledger/ledger-bucket.ts';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { LocalDeleter } from '#adapters/local/local-deleter.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { LocalWriter } from '#adapters/local/local-writer.ts';
import { S3Bucket } from '#adapters/s3/s3-bucket.ts';
import { S3Deleter } from '#adapters/s3/s3-deleter.ts';
import { S3Writer } from '#adapters/s3/s3-writer.ts';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import { runName } from '#operations/ledger/run-records.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import { type RunInput, type RunReport, runOverArea } from '#operations/run/run.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { GuardedDeleter } from '#ports/guarded-deleter.ts';
import type { Holders } from '#ports/holder.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { type Gate, OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { JOB, NOW, PlayedJob, type PlayedPlace } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { verified } from '#test/support/verified.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';

/** A place that holds an area, with its ledger beside it, all through the real adapters; time is the tests' own. */

export const KINDS = ['directory', 'bucket', 'versioned bucket'] as const;
export type Kind = (typeof KINDS)[number];

export interface StewardedOptions {
  /** What references call the bucket. */
  readonly bucket?: string;
  /** Of the locations of the area. @default the whole bucket */
  readonly prefixes?: readonly string[];
  /** Whether the ledger lies in a folder or a bucket as well, which takes its time. @default one in memory */
  readonly realLedger?: boolean;
}

/** Where the objects lie, without the steward. Everything acts at once. */
interface Place extends PlayedPlace {
  keys(): readonly string[];
  content(key: string): Buffer;
  /** LastModified, epoch milliseconds. */
  modified(key: string): number;
}

export type RunChanges = Partial<Omit<RunInput, 'survey'>> & { readonly survey?: Partial<SurveyInput> };

export const ALONE: Holders = { self: { host: 'here', process: 'this' }, hasEnded: () => false };

export class Stewarded implements PlayedPlace {
  /** Epoch milliseconds, of the store and of the machine. */
  time = NOW;
  readonly url: string;
  /** Where the ledger is one in memory. */
  readonly ledgerContent = new LedgerContent();
  /** Hears of each call of a ledger in memory before it happens, and may throw. */
  onLedgerCall: (call: string) => void | Promise<void> = () => {};
  ledger: LedgerStore;
  readonly #place: Place;
  #runs = 0;

  constructor(
    place: Place,
    readonly locations: SurveyInput['locations'],
    readonly writers: readonly AreaWriter[],
    readonly deleters: readonly GuardedDeleter[],
    ledger: LedgerStore | null,
    /** Null for a directory. */
    readonly s3: EmbeddedS3 | null,
    bucket: string,
  ) {
    this.#place = place;
    this.url = `s3://${bucket}`;
    const pass: Gate['pass'] = async (call, effect) => {
      await this.onLedgerCall(call);
      return effect();
    };
    this.ledger = ledger ?? new MemoryLedger(this.ledgerContent, { ...OPEN, pass });
  }

  put(key: string, content: string | Uint8Array, modified = this.time): void {
    this.#place.put(key, content, modified);
  }

  remove(...keys: readonly string[]): void {
    this.#place.remove(...keys);
  }

  /** Of all that is no marker of the steward, in no particular order of the store. */
  keys(): readonly string[] {
    return this.#place
      .keys()
      .filter((key) => !key.endsWith(MARKER_NAME))
      .sort();
  }

  /** Content by key, of all that is no marker. */
  contents(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.keys().map((key) => [key, this.#place.content(key).toString('latin1')]));
  }

  content(key: string): Buffer {
    return this.#place.content(key);
  }

  modified(key: string): number {
    return this.#place.modified(key);
  }

  surveyInput(changes: Partial<SurveyInput> = {}): SurveyInput {
    return {
      locations: this.locations,
      outside: [],
      aliases: [],
      settings: DEFAULT_COLLECT_SETTINGS,
      deadJobs: [],
      protects: () => false,
      clock: () => this.time,
      wait: async () => {},
      ...changes,
    };
  }

  /** Ends with `a1`, `a2`, … in the order of the runs. */
  nextRun(): string {
    this.#runs++;
    return runName(this.time, `a${this.#runs}`);
  }

  runInput({ survey, ...changes }: RunChanges = {}): RunInput {
    return {
      survey: this.surveyInput(survey),
      writers: this.writers,
      deleters: this.deleters,
      ledger: this.ledger,
      newLedgerId: 'ledger-1',
      run: this.nextRun(),
      command: 'collect',
      holders: ALONE,
      now: () => this.time,
      execute: true,
      accept: new Set(),
      retention: null,
      sweep: async () => () => true,
      deletesPerSecond: 1e9,
      ...changes,
    };
  }

  /** As {@link run}, of which no second judge hears. */
  async runUnverified(changes: RunChanges = {}): Promise<RunReport> {
    return await runOverArea(this.runInput(changes));
  }

  /** A whole run that executes. What it deletes the second judge must find proven, unless a rule was taken out. */
  async run(changes: RunChanges = {}): Promise<RunReport> {
    const report = await this.runUnverified(changes);
    const { run, certificate } = report.record;
    if (typeof certificate === 'string' && changes.judgements === undefined) {
      const { findings } = await verified(changes.ledger ?? this.#quietLedger, run, this.locations);
      if (findings.length > 0) throw new Error(findings.map(({ sentence }) => sentence).join('\n'));
    }
    return report;
  }

  /** Where it is in memory, one of which nobody hears the calls. */
  get #quietLedger(): LedgerStore {
    return this.ledger instanceof MemoryLedger ? new MemoryLedger(this.ledgerContent, OPEN) : this.ledger;
  }
}

/** A job with two live files and one that is garbage, so that the breakers are content with a run. */
export function playJob(area: Stewarded, directory = `flink/${JOB}/`): PlayedJob {
  const job = new PlayedJob(area, directory, area.url);
  job.complete(1, [job.upload(1), job.upload(3)]);
  job.upload(2);
  return job;
}

/** Withdraws all but the newest of whatever has ended; savepoints too. */
export function keepLast(count: number): (survey: unknown) => RetentionInput {
  return () => ({
    policies: [{ matches: () => true, endedJobs: { keepLast: count }, savepoints: { keepLast: count } }],
    minRestorePoints: 0,
    groupBy: 'job',
    labelOf: () => 'job',
    isLabelledByPath: () => false,
    running: new Set(),
    restoredFrom: [],
  });
}

/** Call it once, outside the tests. */
export function useStewarded(): (kind: Kind, options?: StewardedOptions) => Promise<Stewarded> {
  const serve = useEmbeddedS3();
  const makeDirectory = useTempDirectories();
  return async (kind, { bucket = 'bucket', prefixes = [''], realLedger = false } = {}) => {
    if (kind === 'directory') {
      return inDirectory(await makeDirectory(), bucket, prefixes, realLedger);
    }
    const { s3, client } = await serve({ buckets: ['ledger'] });
    s3.createBucket(bucket, { versioning: kind === 'bucket' ? 'never' : 'Enabled' });
    return inBucket(s3, client, bucket, prefixes, realLedger);
  };
}

function inDirectory(folder: string, bucket: string, prefixes: readonly string[], realLedger: boolean): Stewarded {
  const root = join(folder, 'area');
  const pathOf = (key: string): string => join(root, key);
  const files = (below: string): readonly string[] =>
    readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? files(`${below}${entry.name}/`) : [`${below}${entry.name}`],
    );
  const paths = prefixes.map(pathOf);
  for (const path of paths) {
    mkdirSync(path, { recursive: true });
  }
  const place: Place = {
    put: (key, content, modified) => {
      mkdirSync(dirname(pathOf(key)), { recursive: true });
      writeFileSync(pathOf(key), content);
      utimesSync(pathOf(key), (modified + 0.01) / 1_000, (modified + 0.01) / 1_000);
    },
    remove: (...keys) => {
      for (const key of keys) rmSync(pathOf(key));
    },
    keys: () => files(''),
    content: (key) => readFileSync(pathOf(key)),
    modified: (key) => Math.floor(statSync(pathOf(key)).mtimeMs),
  };
  const stewarded: Stewarded = new Stewarded(
    place,
    prefixes.map((prefix, at) => ({
      area: { name: `copy/${prefix}`, store: `s3://${bucket}`, prefix, hidden: prefix.length },
      store: new LocalDirectory(paths[at] ?? '', { now: () => stewarded.time }),
    })),
    paths.map((path) => new LocalWriter(path)),
    paths.map((path) => new LocalDeleter(path)),
    realLedger ? new LedgerFolder(join(folder, 'ledger')) : null,
    null,
    bucket,
  );
  return stewarded;
}

function inBucket(
  s3: EmbeddedS3,
  client: S3Client,
  bucket: string,
  prefixes: readonly string[],
  realLedger: boolean,
): Stewarded {
  const objectOf = (key: string) => {
    const object = s3.object(bucket, key);
    if (object === undefined) throw new Error(`There is no ${key}.`);
    return object;
  };
  const place: Place = {
    put: (key, content, modified) => {
      s3.put(bucket, key, content, { lastModified: modified });
    },
    remove: (...keys) => s3.erase(bucket, ...keys),
    keys: () => s3.keys(bucket),
    content: (key) => {
      const { content } = objectOf(key);
      return typeof content === 'number' ? Buffer.alloc(content) : Buffer.from(content);
    },
    modified: (key) => objectOf(key).modified,
  };
  const stewarded: Stewarded = new Stewarded(
    place,
    prefixes.map((prefix) => ({
      area: { name: `s3://${bucket}/${prefix}`, store: `s3://${bucket}`, prefix, hidden: 0 },
      store: new S3Bucket({ bucket, client, prefix, wait: async () => {} }),
    })),
    prefixes.map(() => new S3Writer({ bucket, client })),
    prefixes.map(() => new S3Deleter({ bucket, client })),
    realLedger ? new LedgerBucket({ bucket: 'ledger', prefix: 'steward/', client }) : null,
    s3,
    bucket,
  );
  s3.clock = () => stewarded.time;
  return stewarded;
}
