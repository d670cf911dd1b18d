import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '#ports/object-store.ts';
import { NOW } from '#test/support/played-job.ts';
import { playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const DAY = 24 * 3_600_000;
const open = useStewarded();

/** The keys that are read, without changing anything. */
function watched(area: Stewarded, reads: string[]): Stewarded['locations'] {
  return area.locations.map((location) => {
    const { store } = location;
    const watching: ObjectStore = {
      name: store.name,
      now: (options) => store.now(options),
      list: (range, options) => store.list(range, options),
      children: (prefix, options) => store.children(prefix, options),
      read: (key, options) => {
        reads.push(key);
        return store.read(key, options);
      },
    };
    return { ...location, store: watching };
  });
}

describe.each(['directory', 'bucket'] as const)('A renamed root in a %s', (kind) => {
  it('keeps what it references run after run, and is read only once', async () => {
    // Prepare: chk-1 was renamed before Flink replaced it.
    const area = await open(kind);
    const job = playJob(area);
    const bak = `${job.root(1)}.bak`;
    area.put(bak, area.content(job.root(1)), NOW - 2 * DAY);
    area.put(`${job.directory}notes.txt`, 'not Flink metadata', NOW - 2 * DAY);
    area.remove(job.root(1));
    job.complete(2, [job.upload(4)]);
    const reads: string[] = [];
    const survey = { locations: watched(area, reads) };

    // Act
    const first = await area.run({ survey });
    const firstReads = reads.splice(0).filter((key) => !key.endsWith('/_metadata') && !key.endsWith('.json'));
    area.time += 2 * DAY;
    const second = await area.run({ survey });
    const secondReads = reads.splice(0).filter((key) => !key.endsWith('/_metadata') && !key.endsWith('.json'));
    area.time += 2 * DAY;
    await area.run({ survey });

    // Assess
    expect(firstReads.sort()).toEqual([bak, bak, `${job.directory}notes.txt`].sort());
    expect(secondReads).toEqual([]);
    expect(second.record.deleted.objects).toBe(1);
    expect(area.keys()).toEqual(
      [bak, `${job.directory}notes.txt`, job.file(1), job.file(3), job.file(4), job.root(2)].sort(),
    );
    expect(first.notes).toContainEqual(expect.stringContaining(`${bak} is a checkpoint or savepoint whose metadata`));
  });

  it('is looked at again when its content has changed, and lets go of its files when it goes', async () => {
    // Prepare
    const area = await open(kind);
    const job = playJob(area);
    const odd = `${job.directory}odd`;
    area.put(odd, 'not Flink metadata', NOW - 2 * DAY);
    await area.run();
    area.put(odd, job.metadata(7, [job.file(2)]), NOW + 1);

    // Act
    area.time += 2 * DAY;
    const kept = await area.run();
    area.remove(odd);
    area.time += DAY;
    await area.run();
    area.time += DAY;
    const gone = await area.run();

    // Assess
    expect(kept.record).toMatchObject({ deleted: { objects: 0 }, quarantined: { objects: 0 } });
    expect(gone.record.deleted.objects).toBe(1);
  });
});
