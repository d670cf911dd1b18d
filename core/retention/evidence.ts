import type { Directory, ObjectTable } from '#core/inventory/object-table.ts';
import type { Evidence } from '../collect/evidence.ts';
import type { Owners } from '../collect/owners.ts';
import type { Reachability } from '../collect/reachability.ts';

/**
 * What retention looks at. Of the objects of an area it asks no more than of the roots themselves, and in which directories
 * the others lie that a root references: so it can decide where no process knows all objects.
 */
export interface RetentionEvidence
  extends Pick<Evidence, 'start' | 'settings' | 'area' | 'undecidable' | 'memory' | 'isProtected'> {
  readonly objects: Pick<ObjectTable, 'etag' | 'modified' | 'directory' | 'directoryId'> & {
    /** All that hold an object of the area. */
    directories(): Iterable<Directory>;
  };
  readonly reachability: Pick<Reachability, 'roots' | 'isKeptByName'>;
  readonly owners: Pick<Owners, 'all' | 'ofRoot'>;
}
