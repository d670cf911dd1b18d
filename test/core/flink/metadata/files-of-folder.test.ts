import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FolderStart } from '#core/flink/metadata/folder-start.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { MetadataParser } from '#core/flink/metadata/metadata-parser.ts';
import type { FileReference, MetadataVisitor, StatePlace } from '#core/flink/metadata/model.ts';
import type { UuidBytes } from '#core/uuid-names.ts';
import { writeMetadata } from '#test/support/metadata-writer.ts';
import type { StreamHandle } from '#test/support/state-handle-writer.ts';

/** Files of a folder that a visitor takes by their names, in place of references to them. */

const FOLDER = 's3://bucket/cp/shared/';
const UUID = '0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d';
const OTHER_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface Told {
  readonly path: string;
  readonly bytes: bigint;
  /** In place of a reference. */
  readonly byName: boolean;
}

/** Takes the files of a folder that it wants, and remembers all that it is told. */
class FolderVisitor implements MetadataVisitor {
  readonly folder: FolderStart | null;
  readonly told: Told[] = [];
  readonly sizes: number[] = [];
  readonly #isWanted: (uuid: string) => boolean;

  constructor(folder: string | null, isWanted: (uuid: string) => boolean = () => true) {
    this.folder = folder === null ? null : FolderStart.of(folder);
    this.#isWanted = isWanted;
  }

  fileOfFolder({ text }: UuidBytes, bytes: number): boolean {
    const isTaken = this.#isWanted(text);
    if (isTaken) this.told.push({ path: FOLDER + text, bytes: BigInt(bytes), byName: true });
    return isTaken;
  }

  reference({ path, bytes }: FileReference): void {
    this.told.push({ path, bytes, byName: false });
  }

  state(_: StatePlace, bytes: number): void {
    this.sizes.push(bytes);
  }
}

function fileOf(handles: readonly StreamHandle[]): Buffer {
  const shared = handles.map((handle, index) => ({ local: `${index}.sst`, handle }));
  const managedKeyed = { tag: 11, meta: { inline: 8 }, shared } as const;
  return writeMetadata({ version: 4, operators: [{ id: 'ab'.repeat(16), subtasks: [{ index: 0, managedKeyed }] }] });
}

/** What a visitor was told of a file, and how its reading ended. */
function read(content: Buffer, visitor: FolderVisitor, ends: readonly number[] = []) {
  const parser = new MetadataParser(visitor);
  const end = (): unknown => {
    try {
      for (const [index, at] of [...ends, content.length].entries()) {
        const chunk = Uint8Array.from(content.subarray(index === 0 ? 0 : ends[index - 1], at));
        parser.write(chunk);
        chunk.fill(0xee);
      }
      return parser.end();
    } catch (error) {
      if (!(error instanceof MetadataError)) throw error;
      const { code, message, referencesRead } = error;
      return { code, message, referencesRead };
    }
  };
  return { end: end(), sizes: visitor.sizes, told: visitor.told.map(({ path, bytes }) => ({ path, bytes })) };
}

describe('A file of the folder that a visitor knows', () => {
  it('is told by its name and its size alone', () => {
    // Prepare
    const content = fileOf([
      { file: `${FOLDER}${UUID}`, bytes: 7 },
      { file: `${FOLDER}${OTHER_UUID}`, bytes: 2n ** 53n - 1n },
      { keyGroups: { first: 0, count: 1 }, of: { file: `${FOLDER}${UUID}`, bytes: 0 } },
    ]);
    const visitor = new FolderVisitor(FOLDER);

    // Act
    read(content, visitor);

    // Assess
    expect(visitor.told).toEqual([
      { path: FOLDER + UUID, bytes: 7n, byName: true },
      { path: FOLDER + OTHER_UUID, bytes: 2n ** 53n - 1n, byName: true },
      { path: FOLDER + UUID, bytes: 0n, byName: true },
    ]);
  });

  it.each<[string, StreamHandle]>([
    ['is named otherwise', { file: `${FOLDER}${UUID.toUpperCase()}`, bytes: 7 }],
    ['lies deeper', { file: `${FOLDER}x/${UUID}`, bytes: 7 }],
    ['lies in another folder', { file: `${FOLDER.replace('cp', 'pc')}${UUID}`, bytes: 7 }],
    ['has no known size', { file: `${FOLDER}${UUID}`, bytes: -1 }],
    ['has a size that no number holds exactly', { file: `${FOLDER}${UUID}`, bytes: 2n ** 53n }],
    ['is one of several parts of a file', { segment: `${FOLDER}${UUID}`, bytes: 7 }],
  ])('comes as a reference if it %s', (_, handle) => {
    const visitor = new FolderVisitor(FOLDER);

    read(fileOf([handle]), visitor);

    expect(visitor.told).toMatchObject([{ byName: false }]);
  });

  it('comes as a reference if the visitor does not take it', () => {
    const visitor = new FolderVisitor(FOLDER, (uuid) => uuid !== UUID);

    read(fileOf([{ file: FOLDER + UUID }, { file: FOLDER + OTHER_UUID }]), visitor);

    expect(visitor.told.map(({ byName }) => byName)).toEqual([false, true]);
  });

  it('is no other than the reference would be, whatever the paths, the sizes and the chunks', () => {
    const otherFolder = fc.constantFrom(
      FOLDER.slice(0, -1),
      FOLDER.slice(1),
      `${FOLDER}/`,
      FOLDER.replace('cp', 'cq'),
      FOLDER.replace('shared', 'sharee'),
      FOLDER.replace('cp', 'ü'),
      FOLDER.toUpperCase(),
      '',
    );
    const folder = fc.oneof(fc.constant(FOLDER), otherFolder);
    const name = fc.oneof(
      fc.uuid(),
      fc
        .tuple(fc.uuid(), fc.nat({ max: 35 }), fc.constantFrom('', '-', 'g', 'F', '/', '0', 'é', '\0'))
        .map(([uuid, at, letter]) => uuid.slice(0, at) + letter + uuid.slice(at + 1)),
      fc.constantFrom('', '.', '..', `../${UUID}`, `${UUID}x`, `:${UUID}`),
    );
    const handle = fc.record({
      file: fc.tuple(folder, name).map((parts) => parts.join('')),
      bytes: fc.constantFrom(0n, 1n, 2n ** 32n + 5n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, -1n, -2n),
    });
    fc.assert(
      fc.property(fc.array(handle, { maxLength: 6 }), fc.array(fc.nat(2_000)), fc.nat(255), (handles, cuts, last) => {
        const content = fileOf(handles);
        const ends = cuts.filter((cut) => cut < content.length).toSorted((one, other) => one - other);
        const isWanted = (uuid: string): boolean => Number.parseInt(uuid.slice(-2), 16) <= last;

        const byName = read(content, new FolderVisitor(FOLDER, isWanted), ends);

        expect(byName).toEqual(read(content, new FolderVisitor(null)));
      }),
      { seed: 20_261_201, numRuns: 1_000 },
    );
  });
});
