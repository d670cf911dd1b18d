import type { SnapshotKind } from '#core/flink/metadata/model.ts';
import type { Flink } from './flink.ts';
import type { Item, Job, Pending } from './job.ts';
import { needsOf, type Piece, type RootTruth } from './pieces.ts';

/** The life of a checkpoint: triggered, uploaded, written, committed; or aborted, or subsumed. */

export function trigger(flink: Flink, job: Job, savepoint: SnapshotKind | null = null): string {
  const id = job.nextId++;
  job.triggered = flink.now();
  const isFull = savepoint !== null || (job.mode === 'no-claim' && job.completed === 0);
  const random = flink.names.next();
  const directory =
    savepoint === null ? `${flink.place.checkpointsOf(job.spec)}chk-${id}/` : flink.place.savepoint(job.spec, random);
  addPiece(flink, job);
  const pending: Pending = {
    id,
    kind: savepoint ?? (isFull ? 'full-checkpoint' : 'checkpoint'),
    since: flink.now(),
    directory,
    shared: job.pieces.map((piece) => itemOf(flink, job, piece, savepoint === null ? null : directory, isFull)),
    exclusive: Array.from({ length: flink.chance.between(0, 2) }, () => ({
      piece: null,
      key: `${savepoint === null ? flink.place.data(job.spec, `chk-${id}/`) : directory}${flink.names.next()}`,
      uploaded: false,
    })),
    sinkFiles: [...job.sinkFiles],
    root: null,
  };
  job.pending.push(pending);
  if (savepoint === null) {
    flink.makeDirectory(directory);
  }
  return `triggers ${savepoint ?? 'checkpoint'} ${id}`;
}

function itemOf(flink: Flink, job: Job, piece: Piece, savepoint: string | null, isFull: boolean): Item {
  if (savepoint !== null) {
    return { piece, key: `${savepoint}${flink.names.next()}`, uploaded: false };
  }
  if (piece.key !== null && !isFull) {
    return { piece, key: piece.key, uploaded: true };
  }
  if (piece.merged && !isFull) {
    job.open ??= { key: `${flink.place.merged(job.spec)}${flink.names.next()}`, since: flink.now() };
    piece.key = job.open.key;
    return { piece, key: job.open.key, uploaded: true };
  }
  const onItsWay = job.reusesFailedUploads
    ? job.pending
        .filter(({ kind }) => kind === 'checkpoint')
        .flatMap(({ shared }) => shared)
        .find((item) => item.piece === piece)
    : undefined;
  const below =
    job.spec.backend === 'changelog' ? flink.place.changelog(job.spec) : flink.place.data(job.spec, 'shared/');
  return onItsWay ?? { piece, key: `${below}${flink.names.next()}`, uploaded: false };
}

/** The state changes: something that is in no file yet. */
export function addPiece(flink: Flink, job: Job): Piece {
  const piece = { number: flink.pieces++, key: null, merged: job.spec.backend === 'merging' };
  job.pieces.push(piece);
  return piece;
}

export function missingItems({ shared, exclusive }: Pending): Item[] {
  return [...shared, ...exclusive].filter(({ uploaded }) => !uploaded);
}

export function upload(flink: Flink, job: Job, pending: Pending): string {
  const item = flink.chance.pick(missingItems(pending));
  item.uploaded = true;
  // Of a multipart upload the time is that at which it began.
  const modified = flink.chance.in(0.3) ? flink.chance.between(pending.since, flink.now()) : flink.now();
  flink.put(job, item.key, modified);
  if (job.reusesFailedUploads && item.piece !== null && pending.kind === 'checkpoint') {
    item.piece.key = item.key;
  }
  return `uploads ${item.key}`;
}

/** The `_metadata` is written, before anybody but this JobManager knows. */
export function write(flink: Flink, job: Job, pending: Pending): string {
  const key = `${pending.directory}_metadata`;
  if (flink.bucket.has(key)) {
    abort(flink, job, pending);
    return `fails checkpoint ${pending.id}: ${key} exists`;
  }
  const isMisplaced = (shared: string): boolean =>
    job.spec.misplaces && job.foreign.has(shared) && pending.kind === 'checkpoint';
  pending.root = {
    key,
    id: pending.id,
    kind: pending.kind,
    jobId: job.spec.jobId,
    directory: job.directory(flink.place),
    shared: pending.shared.map((item) => ({
      key: item.key,
      written: isMisplaced(item.key) ? 'beside' : 'absolute',
      merged: item.piece?.merged === true && !item.key.startsWith(pending.directory),
    })),
    exclusive: pending.exclusive.map((item) => item.key),
    opaque: pending.sinkFiles.filter((file) => flink.bucket.has(file)),
    written: flink.now(),
  };
  flink.writeRoot(job, pending.root);
  if (pending.kind.startsWith('savepoint')) {
    job.pending = job.pending.filter((other) => other !== pending);
  }
  return `writes ${key}`;
}

/** It counts: the pointer to it is stored, workers are told, older ones go. */
export function commit(flink: Flink, job: Job, pending: Pending, root: RootTruth): string {
  job.pending = job.pending.filter((other) => other !== pending);
  for (const older of job.pending.filter(({ id, kind }) => id < pending.id && !kind.startsWith('savepoint'))) {
    abort(flink, job, older);
  }
  job.retained.push(root);
  job.retained.sort((a, b) => a.id - b.id);
  job.completed++;
  job.restoredFrom = null;
  for (const { piece, key } of pending.shared) {
    if (piece !== null) {
      piece.key = key;
    }
    if (!piece?.merged && !job.foreign.has(key)) {
      job.registry.set(key, Math.max(pending.id, job.registry.get(key) ?? 0));
    }
  }
  if (job.open !== null && flink.chance.in(0.4)) {
    job.closing.push(job.open);
    job.open = null;
  }
  // A write-ahead sink sends what the checkpoint holds, and then no longer needs the files.
  job.sinkFiles = job.sinkFiles.filter((file) => !pending.sinkFiles.includes(file));
  job.deletes.push(...pending.sinkFiles);
  while (job.retained.length > job.spec.retained) {
    subsume(flink, job, job.retained.shift());
  }
  return `completes checkpoint ${pending.id}`;
}

function subsume(flink: Flink, job: Job, root: RootTruth | undefined): void {
  if (root === undefined) {
    return;
  }
  const inUse = new Set(job.retained.flatMap(({ shared }) => shared.map(({ key }) => key)));
  const isSavepoint = root.kind.startsWith('savepoint');
  // The `_metadata` of a claimed native savepoint stays while files of it are in use.
  // Of one of an old format it does not.
  if (!isSavepoint || flink.chance.in(0.3) || !root.shared.some(({ key }) => inUse.has(key))) {
    job.deletes.push(root.key, ...root.exclusive);
  }
  const lowest = job.retained[0]?.id ?? 0;
  for (const [key, last] of job.registry) {
    if (last < lowest) {
      job.registry.delete(key);
      job.deletes.push(key);
    }
  }
  if (job.spec.backend === 'merging') {
    const held = new Set([
      ...inUse,
      ...job.pieces.map(({ key }) => key),
      ...job.pending.flatMap(({ shared }) => shared.map(({ key }) => key)),
    ]);
    job.deletes.push(...root.shared.flatMap(({ key, merged }) => (merged && !held.has(key) ? key : [])));
  }
}

/** It failed. What it uploaded stays with whoever has heard of it, and for good with nobody. */
export function abort(flink: Flink, job: Job, pending: Pending): void {
  job.pending = job.pending.filter((other) => other !== pending);
  const isSavepoint = pending.kind.startsWith('savepoint');
  for (const { key, piece, uploaded } of pending.shared) {
    if (uploaded && !isSavepoint && !piece?.merged && !job.foreign.has(key) && flink.chance.in(0.6)) {
      job.registry.set(key, Math.max(pending.id, job.registry.get(key) ?? 0));
    }
  }
  job.deletes.push(...pending.exclusive.flatMap(({ key, uploaded }) => (uploaded && flink.chance.in(0.6) ? key : [])));
  if (flink.chance.in(0.3) && !isSavepoint) {
    job.lateWrites.push(`${flink.place.data(job.spec, `chk-${pending.id}/`)}${flink.names.next()}`);
  }
}

/** Whether a restore from it works. */
export function isWhole(flink: Flink, root: RootTruth): boolean {
  const opaque = new Set(root.opaque);
  for (const key of needsOf(root)) {
    if (!flink.bucket.has(key) && !opaque.has(key)) {
      return false;
    }
  }
  return flink.bucket.has(root.key);
}
