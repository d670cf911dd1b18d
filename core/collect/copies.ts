import type { Directory, ObjectTable } from '#core/inventory/object-table.ts';

/** What is asked of the two objects. */
export type ComparedObjects = Pick<ObjectTable, 'directory' | 'bytes' | 'modified'>;

/**
 * Objects that bear the name of a live one elsewhere in the area. Flink makes every state file a name of its own, so
 * this is a backup or a replica of that file, or the file itself: one place under two names (a mount, an access-point
 * alias), where deleting the copy deletes the original. No listing tells the two apart.
 */

/** Whether an object is kept because a live one has its name. */
export function isKeptAsCopy(object: number, live: number, objects: ComparedObjects): boolean {
  return !isDuplicatedByFlink(object, live, objects);
}

/**
 * The one duplication that Flink itself makes (`FsCheckpointStateToolset`, since 1.15, on file systems that can copy by
 * themselves): a job that was restored with NO_CLAIM copies the files of its snapshot, under their names, into its own
 * job directory. The duplicate is the live one then, and the younger; the original would be kept for as long as the
 * successor has that file.
 *
 * A place under two names shows one job under one id, and a backup is younger than its original; so neither looks like
 * this.
 */
export function isDuplicatedByFlink(object: number, live: number, objects: ComparedObjects): boolean {
  const [from, to] = [objects.directory(object), objects.directory(live)];
  const [folder, otherFolder] = [folderOfJobs(from), folderOfJobs(to)];
  return (
    folder !== null &&
    folder === otherFolder &&
    from.location === to.location &&
    from.class.job !== to.class.job &&
    objects.bytes(object) === objects.bytes(live) &&
    objects.modified(live) > objects.modified(object)
  );
}

/** The folder that holds the job directory; null where the path tells no job. */
function folderOfJobs({ class: { job, base } }: Directory): string | null {
  return job === null ? null : base.slice(0, base.length - job.length - 1);
}
