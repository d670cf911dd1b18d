import { describe, expect, it } from 'vitest';
import { DAY, DIRECTORY, fate, HOUR, OTHER_DIRECTORY, uuid, world } from '#test/support/world.ts';

const [OLD, NEW] = [`${DIRECTORY}/chk-8`, `${DIRECTORY}/chk-9`];
const [ONLY_OLD, BOTH] = [`${DIRECTORY}/shared/${uuid(1)}`, `${DIRECTORY}/shared/${uuid(2)}`];

describe('What a later run sees without some roots', () => {
  it('has what they alone referenced for garbage, and keeps what others reference', () => {
    const evidence = world({
      objects: { [ONLY_OLD]: 40 * DAY, [BOTH]: 40 * DAY },
      roots: {
        [OLD]: { age: 30 * DAY, names: [ONLY_OLD, BOTH] },
        [NEW]: { age: 20 * DAY, names: [BOTH] },
      },
    });

    const later = evidence.without([OLD]);

    expect([fate(evidence, ONLY_OLD), fate(later, ONLY_OLD)]).toEqual([
      'keep-live (named-by-root)',
      'delete (garbage)',
    ]);
    expect(fate(later, BOTH)).toBe('keep-live (named-by-root)');
    expect(later.reachability.roots).toEqual([evidence.root(NEW)]);
    expect(later.owners.ofRoot(evidence.root(NEW))?.roots).toEqual([evidence.root(NEW)]);
  });

  it('keeps a directory without any root for as long as other rules do', () => {
    const evidence = world({
      objects: { [ONLY_OLD]: 20 * DAY },
      roots: { [OLD]: { age: 20 * DAY, names: [ONLY_OLD] } },
      showedFlink: [DIRECTORY.slice(3)],
    });

    expect(fate(evidence.without([OLD]), ONLY_OLD)).toBe('keep-in-progress (rootless-directory)');
  });

  it('keeps copies of what remaining roots reference', () => {
    const copy = `backup/${uuid(2)}`;
    const evidence = world({
      objects: { [BOTH]: 40 * DAY, [copy]: 40 * DAY },
      roots: { [OLD]: { age: 30 * DAY, names: [BOTH] }, [NEW]: { age: 20 * DAY, names: [BOTH] } },
    });

    const later = evidence.without([OLD]);

    expect(later.reachability.isCopy(evidence.object(copy))).toBe(true);
    expect(fate(later, copy)).toBe(fate(evidence, copy));
  });

  it('keeps files with the name of what a remaining root misses, and no longer those of a retired one', () => {
    const missed = (file: number) => ({ path: `s3://bucket/${OTHER_DIRECTORY}/chk-1/${uuid(file)}` });
    const evidence = world({
      objects: { [ONLY_OLD]: 40 * DAY, [BOTH]: 40 * DAY },
      roots: {
        [OLD]: { age: 30 * DAY, names: [missed(1), missed(2)] },
        [NEW]: { age: 20 * DAY, names: [missed(2)] },
      },
    });

    const later = evidence.without([OLD]);

    expect([fate(evidence, ONLY_OLD), fate(later, ONLY_OLD)]).toEqual(['keep-live (base-name)', 'delete (garbage)']);
    expect(fate(later, BOTH)).toBe('keep-live (base-name)');
  });

  it('keeps what a root under another name references or misses', () => {
    const evidence = world({
      objects: { [ONLY_OLD]: 40 * DAY, [BOTH]: 40 * DAY, [`${DIRECTORY}/chk-7/_metadata.bak`]: 40 * DAY },
      roots: { [OLD]: { age: 30 * DAY, names: [ONLY_OLD, BOTH] }, [NEW]: { age: 20 * DAY } },
      renamed: {
        [`${DIRECTORY}/chk-7/_metadata.bak`]: {
          names: [ONLY_OLD, { path: `s3://bucket/${OTHER_DIRECTORY}/chk-1/${uuid(2)}` }],
        },
      },
    });

    const later = evidence.without([OLD]);

    expect([fate(later, ONLY_OLD), fate(later, BOTH)]).toEqual([
      'keep-protected (named-by-renamed-root)',
      'keep-protected (named-by-renamed-root)',
    ]);
  });

  it('has the own files of a retired savepoint for garbage, and no others in its directory', () => {
    const savepoint = 'sp/savepoint-aaaaaa-000000000001';
    const [own, other, foreign] = [`${savepoint}/${uuid(1)}`, `${savepoint}/${uuid(2)}`, `cp/elsewhere/${uuid(3)}`];
    const evidence = world({
      objects: { [own]: 40 * DAY, [other]: 40 * DAY, [foreign]: 40 * DAY },
      roots: { [savepoint]: { age: 40 * DAY, kind: 'savepoint-native', names: [own, foreign] } },
    });

    const later = evidence.without([savepoint]);

    expect([fate(later, own), fate(later, other)]).toEqual(['delete (garbage)', 'keep-protected (savepoint-files)']);
    expect(later.memory.retiredSavepointOf(evidence.object(foreign))).toBeNull();
  });

  it('has no files of a checkpoint for those of a savepoint, and none of another location', () => {
    const [checkpoint, savepoint] = [`${DIRECTORY}/chk-8`, 'sp/savepoint-aaaaaa-000000000001'];
    const [ofCheckpoint, ofSavepoint] = [`${checkpoint}/${uuid(1)}`, `${savepoint}/${uuid(2)}`];
    const evidence = world({
      objects: { [ofCheckpoint]: 40 * DAY, [ofSavepoint]: 40 * DAY },
      roots: {
        [checkpoint]: { age: 40 * DAY, names: [ofCheckpoint] },
        [savepoint]: { age: 40 * DAY, kind: 'savepoint-native', names: [ofSavepoint] },
      },
    });

    const { memory } = evidence.without([checkpoint, savepoint]);

    expect(memory.retiredSavepointOf(evidence.object(ofCheckpoint))).toBeNull();
    expect(memory.retiredSavepointOf(evidence.object(ofSavepoint))).not.toBeNull();
  });

  it('has no file of another location for a savepoint’s own', () => {
    const savepoint = 'sp/savepoint-aaaaaa-000000000001';
    const elsewhere = `${savepoint}/${uuid(1)}`;
    const evidence = world({
      locations: [{}, { store: 's3://other' }],
      objects: { [elsewhere]: { age: 40 * DAY, location: 1 } },
      roots: {
        [savepoint]: { age: 40 * DAY, kind: 'savepoint-native', names: [{ path: `s3://other/${elsewhere}` }] },
      },
    });
    const { memory } = evidence.without([savepoint]);

    expect([...evidence.root(savepoint).objects]).toEqual([evidence.object(elsewhere)]);
    expect(memory.retiredSavepointOf(evidence.object(elsewhere))).toBeNull();
  });

  it('leaves what it began with as it was', () => {
    const evidence = world({
      objects: { [ONLY_OLD]: 40 * DAY },
      roots: { [OLD]: { age: 30 * DAY, names: [ONLY_OLD] }, [NEW]: { age: HOUR } },
    });

    evidence.without([OLD]);

    expect(fate(evidence, ONLY_OLD)).toBe('keep-live (named-by-root)');
    expect(evidence.reachability.roots).toHaveLength(2);
  });
});
