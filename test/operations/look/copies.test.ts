import { describe, expect, it } from 'vitest';
import { isDamaged, isRestorePoint } from '#core/collect/roots.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { type FlinkPath, parseFlinkPath } from '#core/flink/state-path.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import { contentsOf, jobIds, RECORDINGS, type RecordedBucket, recordedBucket } from '#test/support/corpus.ts';
import { bucket, judge } from '#test/support/judged.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { NOW } from '#test/support/played-job.ts';

/** Copies of buckets that real Flink wrote: its roots name the files of the original by absolute paths. */

const HOUR = 3_600_000;

type Which = (key: string) => boolean;

/** A bucket with these objects of a recording; of a copy each is as young as the copying. */
async function storeOf(recording: RecordedBucket, name: string, holds: Which, copied = 0): Promise<MovingStore> {
  const store = new MovingStore({ name, now: NOW });
  const contents = await contentsOf(recording);
  for (const { key, mtime } of recording.objects) {
    if (holds(key)) {
      store.put(key, contents.get(key) ?? '', Date.parse(mtime) + copied);
    }
  }
  return store;
}

function url(text: string): FlinkPath {
  return parseFlinkPath(text) ?? { scheme: null, authority: null, path: text };
}

/** Everything is dead, and nothing but the references protects. */
function rules(recording: RecordedBucket, more: Partial<SurveyInput> = {}): Partial<SurveyInput> {
  return {
    settings: { ...DEFAULT_COLLECT_SETTINGS, taskowned: true, failedSavepoints: true },
    deadJobs: jobIds(recording),
    ...more,
  };
}

const all: Which = () => true;
const none: Which = () => false;

describe.each(RECORDINGS)('A copy of %s', (name) => {
  const copies = (recording: RecordedBucket): Partial<SurveyInput> => ({
    copies: [{ from: url(`s3://${recording.bucket}`), to: url('s3://replica') }],
  });
  const inReplica = (keys: readonly string[]) => keys.map((key) => `s3://replica/${key}`).sort();

  it('beside its original keeps what that keeps, and gives up what that gives up, declared or not', async () => {
    const recording = await recordedBucket(name);
    const original = await storeOf(recording, `s3://${recording.bucket}`, all);
    const replica = await storeOf(recording, 's3://replica', all, HOUR);
    const expected = [
      ...recording.may_delete.map((key) => `s3://${recording.bucket}/${key}`),
      ...inReplica(recording.may_delete),
    ];

    for (const declared of [{}, copies(recording)]) {
      const { garbage, codes } = await judge([bucket(original), bucket(replica)], rules(recording, declared));

      expect(codes).toEqual([]);
      expect(garbage).toEqual(expected.toSorted());
    }
  });

  it('whose original is no part of the area is undecidable until it is declared', async () => {
    const recording = await recordedBucket(name);
    const replica = await storeOf(recording, 's3://replica', all, HOUR);
    const outside = [url(`s3://${recording.bucket}`)];

    const undeclared = await judge(replica, rules(recording));
    const declared = await judge(replica, rules(recording, copies(recording)));
    const both = await judge(replica, rules(recording, { ...copies(recording), outside }));

    // One that names all its files from its own directory, as a heap backend does, knows no original.
    const knowsOriginal = declared.survey.reachability.roots.some(({ toPutBack }) => toPutBack > 0);
    expect(new Set(undeclared.codes)).toEqual(new Set(knowsOriginal ? ['other-name'] : []));
    expect(undeclared.garbage).toEqual(knowsOriginal ? [] : inReplica(recording.may_delete));
    expect(knowsOriginal).toBe(name !== 'f120-hashmap');
    for (const { survey, garbage, codes, verdicts } of [declared, both]) {
      expect(codes).toEqual([]);
      expect(garbage).toEqual(inReplica(recording.may_delete));
      expect(inReplica(recording.keep).filter((key) => verdicts[key] !== 'keep-live')).toEqual([]);
      // Flink could not start from one of these now, but where all that a root names lies with it.
      for (const root of survey.reachability.roots) {
        expect(isRestorePoint(root)).toBe(
          root.toPutBack === 0 && root.missing.length === 0 && root.declaredOutside === 0,
        );
      }
    }
  });

  it('stays whole when its original has gone, and is not called damaged', async () => {
    const recording = await recordedBucket(name);
    const original = await storeOf(recording, `s3://${recording.bucket}`, none);
    const replica = await storeOf(recording, 's3://replica', all, HOUR);

    const { survey, garbage } = await judge([bucket(original), bucket(replica)], rules(recording, copies(recording)));

    expect(garbage).toEqual(inReplica(recording.may_delete));
    const damaged = survey.reachability.roots.filter(isDamaged).map(({ key }) => key);
    expect(damaged.sort()).toEqual(
      recording.roots
        .filter(({ missing }) => missing.length > 0)
        .map(({ metadata }) => metadata)
        .sort(),
    );
  });
});
