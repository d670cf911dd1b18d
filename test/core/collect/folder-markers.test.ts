import { describe, expect, it } from 'vitest';
import {
  DAY,
  DIRECTORY,
  fate,
  HOUR,
  JOB,
  MINUTE,
  NOW,
  SECOND,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

/** Which empty keys that mark a folder are writes of a job, and which a successor's deletions explain. */

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const HELD = { [`${DIRECTORY}/`]: [{ name: 'chk-12', age: 20 * DAY }] };

/** The age of the last write of a job with one file, 15 days old, and these markers. */
function lastWrite(markers: Readonly<Record<string, number>>, spec: WorldSpec = {}): number {
  const objects = { [FILE]: 15 * DAY, ...spec.objects };
  for (const [folder, age] of Object.entries(markers)) Object.assign(objects, { [`${DIRECTORY}/${folder}`]: age });
  return NOW - world({ ...spec, objects }).owner(FILE).lastWrite;
}

describe('In a directory that holds files, an empty key is no write', () => {
  it.each(['', 'shared/', 'taskowned/', 'dstl/', `shared/job_${JOB}_op_a_1_1/`])('as %s alone', (folder) => {
    expect(lastWrite({ [folder]: HOUR })).toBe(15 * DAY);
  });

  it('of a checkpoint that is complete there, or was by the memory of the ledger', () => {
    const roots = { [`${DIRECTORY}/chk-13`]: { age: 16 * DAY } };

    expect(lastWrite({ 'chk-13/': HOUR }, { roots })).toBe(15 * DAY);
    expect(lastWrite({ 'chk-12/': HOUR }, { remembered: HELD })).toBe(15 * DAY);
  });
});

describe('In a directory that holds files, an empty key is a write', () => {
  it('of a checkpoint with a number that none had there, above or below: a job may begin its numbers again', () => {
    const roots = { [`${DIRECTORY}/chk-13`]: { age: 16 * DAY } };

    expect(lastWrite({ 'chk-900/': HOUR }, { roots })).toBe(HOUR);
    expect(lastWrite({ 'chk-1/': HOUR }, { roots })).toBe(HOUR);
    expect(lastWrite({ 'chk-11/': HOUR }, { roots, remembered: HELD })).toBe(HOUR);
  });

  it('of a checkpoint that is complete under the same key of another location', () => {
    const roots = { [`${DIRECTORY}/chk-13`]: { age: 16 * DAY, location: 1 } };

    expect(lastWrite({ 'chk-13/': HOUR }, { roots, locations: [{}, { store: 's3://other' }] })).toBe(HOUR);
  });

  it('of a checkpoint where nothing is known of earlier ones', () => {
    expect(lastWrite({ 'chk-12/': HOUR })).toBe(HOUR);
  });

  it('as both folders of a start, within a minute of each other', () => {
    expect(lastWrite({ 'shared/': HOUR, 'taskowned/': HOUR + MINUTE })).toBe(HOUR);
    expect(lastWrite({ 'shared/': HOUR + MINUTE, 'taskowned/': HOUR })).toBe(HOUR);
    expect(lastWrite({ 'shared/': HOUR, 'taskowned/': HOUR + MINUTE + SECOND })).toBe(15 * DAY);
  });

  it('and makes the other folders none', () => {
    expect(lastWrite({ 'shared/': HOUR, 'taskowned/': HOUR, 'dstl/': MINUTE })).toBe(HOUR);
  });
});

describe('In a directory that holds nothing else', () => {
  const marked = (spec: WorldSpec) =>
    NOW - world({ objects: { [`${DIRECTORY}/shared/`]: HOUR }, ...spec }).owner(`${DIRECTORY}/shared/`).lastWrite;

  it('any empty key is a write', () => {
    expect(marked({})).toBe(HOUR);
  });

  it('one alone is none where the ledger remembers files or roots', () => {
    expect(marked({ remembered: { [`${DIRECTORY}/`]: [] } })).toBe(Number.POSITIVE_INFINITY);
  });

  it('one that is no write leaves nobody dead whom nobody has declared so', () => {
    const marker = `${DIRECTORY}/shared/`;
    const evidence = world({ objects: { [marker]: 60 * DAY }, remembered: { [`${DIRECTORY}/`]: [] } });

    expect(evidence.owner(marker).declaredDead).toBe(false);
    expect(fate(evidence, marker)).toBe('keep-protected (directory-marker)');
  });

  it('one alone is none where a root appeared after the listing', () => {
    const roots = { [`${DIRECTORY}/chk-1`]: { age: 2 * HOUR, listed: false } };

    expect(marked({ roots })).toBe(2 * HOUR);
  });

  it('it counts by itself, whatever another directory of the id holds', () => {
    const { rootlessDirectories } = world({
      objects: {
        [FILE]: DAY,
        [`eu/${JOB}/shared/`]: HOUR,
        [`us/${JOB}/shared/${uuid(2)}`]: DAY,
        [`us/${JOB}/dstl/`]: 0,
      },
      roots: { [`${DIRECTORY}/chk-1`]: { age: DAY } },
    }).owner(FILE);

    expect([...rootlessDirectories].map(([id, last]) => [id, NOW - last])).toEqual([
      [`0:eu/${JOB}/`, HOUR],
      [`0:us/${JOB}/`, DAY],
    ]);
  });

  it('it is no write in a folder that counts as entropy of a job with roots', () => {
    const entropy = ['ab12', 'cd34', 'ef56'].map((folder) => `${folder}/${DIRECTORY}/shared/`);
    const named = entropy.slice(0, 2).map((folder) => `${folder}${uuid(3)}`);
    const roots = { [`${DIRECTORY}/chk-1`]: { age: 2 * DAY, names: named } };
    const objects = { ...Object.fromEntries(named.map((key) => [key, 3 * DAY])), [`${entropy[2]}`]: HOUR };

    expect(lastWrite({}, { objects, roots })).toBe(2 * DAY);
    expect([...world({ objects: { ...objects, [FILE]: DAY }, roots }).owner(FILE).markersAlone]).toEqual([]);
  });
});
