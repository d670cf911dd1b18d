import { describe, expect, it } from 'vitest';
import type { Root } from '#core/collect/roots.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { readState } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import { planUndo } from '#operations/run/plan-undo.ts';
import { undo } from '#operations/run/undo.ts';
import {
  contentsOf,
  jobIds,
  lastWrite,
  RECORDINGS,
  type RecordedBucket,
  recordedBucket,
} from '#test/support/corpus.ts';
import { keepLast, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

/** Buckets that real Flink wrote, collected to the end through the real adapters. */

const DAY = 86_400_000;
const PREDECESSOR = 'flink/checkpoints/eu/f1646fd79e4b58514f327b588f73a416/';
const SUCCESSOR = 'flink/checkpoints/eu/5bfa24d335b6c3940025097f44684c9b/';
const open = useStewarded();

/** Nothing but the argument itself protects. */
const RULES = { ...DEFAULT_COLLECT_SETTINGS, taskowned: true, maxDeleteFraction: 1 };

/** The bucket, a month after its last write. */
async function openRecording(kind: 'directory' | 'bucket', recording: RecordedBucket): Promise<Stewarded> {
  const area = await open(kind, { bucket: recording.bucket });
  const contents = await contentsOf(recording);
  for (const { key, mtime } of recording.objects) {
    // A folder of a file system is no object.
    if (kind === 'bucket' || !key.endsWith('/')) {
      area.put(key, contents.get(key) ?? '', Date.parse(mtime));
    }
  }
  area.time = Math.ceil((lastWrite(recording) + 31 * DAY) / 1_000) * 1_000;
  return area;
}

describe.each(RECORDINGS)('The bucket %s', (name) => {
  it.each(['directory', 'bucket'] as const)(
    'collected as a %s holds what its checkpoints name, and nothing else',
    async (kind) => {
      // Prepare
      const recording = await recordedBucket(name);
      const area = await openRecording(kind, recording);
      const survey = { settings: RULES, deadJobs: jobIds(recording) };
      const before = area.contents();

      // Act
      const first = await area.run({ survey });
      const waiting = area.contents();
      area.time += DAY;
      const second = await area.run({ survey });
      area.time += DAY;
      const third = await area.run({ survey });

      // Assess
      const markers = recording.objects.filter(({ key }) => key.endsWith('/')).length;
      const inDirectory = kind === 'directory' ? markers : 0;
      expect(waiting).toEqual(before);
      expect(area.keys()).toEqual([...recording.keep].sort());
      expect(area.contents()).toEqual(Object.fromEntries(recording.keep.map((key) => [key, before[key]])));
      expect([first, second, third].map(({ record }) => record.deleted.objects)).toEqual([
        0,
        recording.may_delete.length - inDirectory,
        0,
      ]);
      expect([first, second, third].flatMap(({ record }) => record.breakers)).toEqual([]);
      expect(third.record.live.objects).toBe(recording.keep.length);
    },
  );

  it('whose old checkpoints are retired and brought back is byte for byte what it was, but for those that nothing could restore', async () => {
    // Prepare
    const recording = await recordedBucket(name);
    const area = await openRecording('directory', recording);
    const contents = area.contents();
    const modified = new Map(area.keys().map((key) => [key, area.modified(key)]));
    const look = async () =>
      (await rememberedSurvey(area.ledger, area.surveyInput({ settings: RULES }), { mayWrite: false })).survey;
    const isDamaged = ({ missing }: Root): boolean => missing.length > 0;
    const damaged = new Set((await look()).reachability.roots.filter(isDamaged).map(({ key }) => key));

    // Act
    const { record } = await area.run({
      command: 'retire',
      sweep: null,
      retention: keepLast(1),
      survey: { settings: RULES },
    });
    const withdrawn = Object.keys(contents).filter((key) => !area.keys().includes(key));
    const survey = await look();
    const stores = area.locations.map(({ store }) => store);
    const input = { survey, ledger: area.ledger, stores, writers: area.writers, undone: record.run };
    const result = await undo({ ...input, lease: { hold: async () => {} } }, await planUndo(input));

    // Assess
    expect(withdrawn.every((key) => key.endsWith(METADATA_NAME))).toBe(true);
    expect(withdrawn).toHaveLength(record.retired);
    expect(record.retired).toBeGreaterThan(0);
    const keyOf = (url: string): string => url.slice(`s3://${recording.bucket}/`.length);
    const [lost, whole] = [withdrawn.filter((key) => damaged.has(key)), withdrawn.filter((key) => !damaged.has(key))];
    expect(whole.length).toBeGreaterThan(0);
    expect(result.restoredRoots.map(keyOf).sort()).toEqual(whole.sort());
    expect(result.lost.map(({ url }) => keyOf(url)).sort()).toEqual(lost.sort());
    const stays = Object.entries(contents).filter(([key]) => !lost.includes(key));
    expect(area.contents()).toEqual(Object.fromEntries(stays));
    expect(area.keys().map((key) => area.modified(key))).toEqual(stays.map(([key]) => modified.get(key)));
    const { retired } = await readState(area.ledger);
    expect(
      retired
        .filter(({ state }) => state === 'restored')
        .map(({ url }) => keyOf(url))
        .sort(),
    ).toEqual(whole);
  });
});

describe('What CLAIM leaves of a predecessor in the bucket f120-claim-chain', () => {
  it('is retired although nothing newer is in its directory, and only files that the successor needs stay', async () => {
    // Prepare: the JobManager of the successor deletes files that its checkpoints reference no more.
    const recording = await recordedBucket('f120-claim-chain');
    const area = await openRecording('directory', recording);
    const { survey } = await rememberedSurvey(area.ledger, area.surveyInput({ settings: RULES }), { mayWrite: false });
    const isOfSuccessor = (root: Root): boolean => root.key.startsWith(SUCCESSOR);
    const filesOf = (roots: readonly Root[]): ReadonlySet<string> =>
      new Set(roots.flatMap((root) => [...root.objects].map((object) => survey.objects.key(object))));
    const needed = filesOf(survey.reachability.roots.filter(isOfSuccessor));
    const left = survey.reachability.roots.filter((root) => !isOfSuccessor(root));
    for (const root of left) {
      const unneeded = [...filesOf([root])].filter((key) => key.includes('/shared/') && !needed.has(key));
      area.remove(...unneeded.filter((key) => area.keys().includes(key)).slice(0, 4));
    }
    const retention = () => ({ ...keepLast(1)(null), minRestorePoints: 1 });
    const collect = { survey: { settings: RULES } };

    // Act
    const { decisions } = await area.run({ ...collect, command: 'retire', sweep: null, retention });
    for (let day = 0; day < 3; day++) {
      area.time += DAY;
      await area.run(collect);
    }

    // Assess
    const newest = `${SUCCESSOR}chk-17/`;
    const namedByNewest = filesOf(survey.reachability.roots.filter(({ directory }) => directory === newest));
    expect(decisions.map(({ root, action, reasons }) => [root.directory, action, reasons.at(-1)?.rule])).toEqual([
      [newest, 'keep', 'restore-points'],
      [`${SUCCESSOR}chk-16/`, 'retire', 'policy'],
      [`${PREDECESSOR}chk-13/`, 'retire', 'damaged'],
      [`${PREDECESSOR}chk-12/`, 'retire', 'damaged'],
    ]);
    expect([...namedByNewest].some((key) => key.startsWith(PREDECESSOR))).toBe(true);
    expect(area.keys()).toEqual([...namedByNewest, `${newest}${METADATA_NAME}`].sort());
  });
});
