import type { SnapshotKind } from '#core/flink/metadata/model.ts';
import { ByteSink } from './byte-sink.ts';

const PACKAGE = 'org.apache.flink.runtime.checkpoint.';
/** As Flink's classes have them; Java refuses an object with another. */
const SERIAL_IDS: Readonly<Record<string, bigint>> = {
  CheckpointType: -2963844630364414662n,
  SavepointType: -6879297871714708296n,
};

const FLAGS = [
  'discardCancelled',
  'discardFailed',
  'discardFinished',
  'discardSubsumed',
  'discardSuspended',
  'forced',
  'unclaimed',
];

/** The Java object stream of a null, as Flink writes it for checkpoint properties that it does not have. */
export const NULL_PROPERTIES = Buffer.from('aced000570', 'hex');

/** The checkpoint properties of a snapshot of that kind as a Java object stream; of an unknown kind, a null. */
export function writeProperties(kind: SnapshotKind): Buffer {
  switch (kind) {
    case 'checkpoint':
      return properties('CheckpointType', [
        ['name', 'Checkpoint'],
        ['sharingFilesStrategy', [`${PACKAGE}SnapshotType$SharingFilesStrategy`, 'FORWARD_BACKWARD']],
      ]);
    case 'full-checkpoint':
      return properties('CheckpointType', [
        ['name', 'Full Checkpoint'],
        ['sharingFilesStrategy', [`${PACKAGE}SnapshotType$SharingFilesStrategy`, 'FORWARD']],
      ]);
    case 'unknown':
      return NULL_PROPERTIES;
    default:
      return properties('SavepointType', [
        [
          'formatType',
          ['org.apache.flink.core.execution.SavepointFormatType', kind === 'savepoint-native' ? 'NATIVE' : 'CANONICAL'],
        ],
        ['name', 'Savepoint'],
        ['postCheckpointAction', [`${PACKAGE}SavepointType$PostCheckpointAction`, 'NONE']],
      ]);
  }
}

type Field = readonly [name: string, value: string | readonly [enumClass: string, constant: string]];

/** Serialized `CheckpointProperties` whose `checkpointType` is an object of `typeClass` with those fields. */
export function properties(typeClass: string, fields: readonly Field[], outerClass = 'CheckpointProperties'): Buffer {
  const sink = new ByteSink().raw(Buffer.from('aced0005', 'hex'));
  classHead(sink.u8(0x73), PACKAGE + outerClass, 2n, 2, FLAGS.length + 1);
  for (const flag of FLAGS) {
    sink.u8(0x5a).utf(flag);
  }
  // Handles so far: the class; then the string of this field's type, and the object itself.
  sink.u8(0x4c).utf('checkpointType').u8(0x74).utf('Lorg/apache/flink/runtime/checkpoint/SnapshotType;');
  sink.u8(0x78).u8(0x70);
  sink.raw(Buffer.alloc(FLAGS.length, 1));
  classHead(sink.u8(0x73), PACKAGE + typeClass, SERIAL_IDS[typeClass] ?? 1n, 2, fields.length);
  for (const [name, value] of fields) {
    sink.u8(0x4c).utf(name).u8(0x74);
    sink.utf(typeof value === 'string' ? 'Ljava/lang/String;' : `L${value[0].replaceAll('.', '/')};`);
  }
  sink.u8(0x78).u8(0x70);
  let enumClass: number | null = null;
  let nextHandle = 5 + fields.length;
  for (const [, value] of fields) {
    if (typeof value === 'string') {
      sink.u8(0x74).utf(value);
      nextHandle += 1;
      continue;
    }
    sink.u8(0x7e).u8(0x72).utf(value[0]).i64(0).u8(0x12).u16(0).u8(0x78);
    if (enumClass === null) {
      enumClass = nextHandle + 1;
      classHead(sink, 'java.lang.Enum', 0n, 0x12, 0).u8(0x78).u8(0x70);
      nextHandle += 1;
    } else {
      sink.u8(0x71).i32(0x7e0000 + enumClass);
    }
    sink.u8(0x74).utf(value[1]);
    nextHandle += 3;
  }
  return sink.bytes();
}

function classHead(sink: ByteSink, name: string, serialId: bigint, flags: number, fields: number): ByteSink {
  return sink.u8(0x72).utf(name).i64(serialId).u8(flags).u16(fields);
}
