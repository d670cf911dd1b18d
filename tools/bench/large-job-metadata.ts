import { type Channel, type Operator, writeMetadata } from '#test/support/metadata-writer.ts';
import type { StreamHandle } from '#test/support/state-handle-writer.ts';

/** `_metadata` files of some megabytes that hold much of one kind, as large jobs have them. */

const DIRECTORY = 's3://my-bucket/flink/checkpoints/eu/0f6b7d1f4f0b4b0c9a3d2e1c5b6a7988';
const SST_BYTES = 67_108_864;
const FORMAT = 6;

/** Thousands of operators of few subtasks, each subtask with a handle of operator state and ten files of keyed state. */
export function manyOperators(operators: number, subtasks: number): Buffer {
  const names = uuids();
  return written(
    operators,
    (parallelism) => ({
      parallelism,
      subtasks: range(parallelism, (index) => ({
        index,
        managedOperator: {
          tag: 4,
          states: [
            { name: 'SourceReaderState', mode: 0, offsets: 3 },
            { name: 'rules', mode: 2, offsets: 1 },
          ],
          of: { file: `${DIRECTORY}/chk-12/${names()}`, bytes: 1_000 },
        },
        managedKeyed: {
          tag: 11,
          groups: { first: index, count: 1 },
          meta: { relative: names(), bytes: 3_000 },
          shared: range(6, (file) => ({ local: `00000${file}.sst`, handle: shared(names()) })),
          exclusive: range(3, (file) => ({ local: `MANIFEST-${file}`, handle: { relative: names(), bytes: 400 } })),
        },
      })),
    }),
    subtasks,
  );
}

/** In-flight data of an unaligned checkpoint: a handle for each channel of each subtask, in both directions. */
export function manyChannels(operators: number, subtasks: number, channels: number): Buffer {
  const names = uuids();
  const side = (): readonly Channel[] => range(channels, () => ({ offsets: 4, of: { relative: names(), bytes: 800 } }));
  return written(
    operators,
    (parallelism) => ({
      parallelism,
      subtasks: range(parallelism, (index) => ({ index, input: side(), result: side() })),
    }),
    subtasks,
  );
}

function written(count: number, operator: (parallelism: number) => Omit<Operator, 'id'>, parallelism: number): Buffer {
  return writeMetadata({
    version: FORMAT,
    checkpointId: 12,
    operators: range(count, (index) => ({
      ...operator(parallelism),
      id: index.toString(16).padStart(32, '0'),
      name: `Window(TumblingEventTimeWindows) ${index}`,
      uid: `uid-${index}`,
      maxParallelism: 128,
    })),
  });
}

function shared(name: string): StreamHandle {
  return { file: `${DIRECTORY}/shared/${name}`, bytes: SST_BYTES };
}

function uuids(): () => string {
  let number = 0;
  return () => `c1b5a0e2-9d3f-4a6b-8c7d-${String(number++).padStart(12, '0')}`;
}

function range<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
