import { storageClassOf } from '#core/inventory/storage-class.ts';
import type { ListedObject, SlowStorage } from '#ports/object-store.ts';

/** What the storage class of a listed object means; no members for S3 Standard. */
export type ListedStorage = Pick<ListedObject, 'storage' | 'storageClass'>;

/** Storage classes that don't answer every read at once. All others do, GLACIER_IR too. */
const SLOW_CLASSES: ReadonlyMap<string, SlowStorage> = new Map([
  ['GLACIER', 'archived'],
  ['DEEP_ARCHIVE', 'archived'],
  ['INTELLIGENT_TIERING', 'tiering'],
]);

/** @param isRestored whether there is a copy to read for a while. It is billed as archived all the same. */
export function listedStorage(name: string | undefined, isRestored: boolean): ListedStorage {
  const storageClass = storageClassOf(name);
  const storage = isRestored ? undefined : SLOW_CLASSES.get(name ?? '');
  return {
    ...(storage === undefined ? {} : { storage }),
    ...(storageClass === null ? {} : { storageClass }),
  };
}
