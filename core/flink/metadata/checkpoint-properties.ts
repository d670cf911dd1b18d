import { type JavaObject, type JavaValue, readJavaObject } from './java-object-stream.ts';
import type { SnapshotKind } from './model.ts';

const PACKAGE = 'org.apache.flink.runtime.checkpoint.';

/** What the object at the end of a `_metadata` file of format 4 and newer says. */
export type PropertiesOutcome =
  | {
      readonly status: 'understood';
      readonly kind: SnapshotKind;
      /** Whether Flink knows this object: a null, or properties of a type of snapshot that it has. */
      readonly known: boolean;
      readonly bytes: number;
    }
  | { readonly status: 'cut-off' | 'no-object-stream' | 'not-understood' };

/**
 * Reads the serialized `CheckpointProperties` for the sort of snapshot. Fields are found by name and unknown ones
 * passed over, because their set and order may change between releases.
 *
 * @returns `understood` with kind `unknown` for a null, and for a type of snapshot that is not known here.
 */
export function readCheckpointProperties(bytes: Uint8Array): PropertiesOutcome {
  const outcome = readJavaObject(bytes);
  if (outcome.status !== 'understood') {
    return outcome;
  }
  const kind = kindOf(outcome.value);
  // Flink writes a null where a program made the snapshot without properties, and reads it.
  const known = kind !== 'unknown' || outcome.value === null;
  return { status: 'understood', kind, known, bytes: outcome.bytes };
}

function kindOf(properties: JavaValue): SnapshotKind {
  if (!isA(properties, 'CheckpointProperties')) {
    return 'unknown';
  }
  const type = properties.fields.get('checkpointType') ?? null;
  if (isA(type, 'CheckpointType')) {
    switch (constantOf(type, 'sharingFilesStrategy')) {
      case 'FORWARD_BACKWARD':
        return 'checkpoint';
      case 'FORWARD':
        return 'full-checkpoint';
      default:
        return 'unknown';
    }
  }
  if (isA(type, 'SavepointType')) {
    switch (constantOf(type, 'formatType')) {
      case 'CANONICAL':
        return 'savepoint-canonical';
      case 'NATIVE':
        return 'savepoint-native';
      default:
        return 'unknown';
    }
  }
  return 'unknown';
}

function isA(value: JavaValue, simpleName: string): value is JavaObject {
  return value !== null && typeof value === 'object' && 'fields' in value && value.className === PACKAGE + simpleName;
}

function constantOf(object: JavaObject, field: string): string | null {
  const value = object.fields.get(field);
  return value !== null && typeof value === 'object' && 'constant' in value ? value.constant : null;
}
