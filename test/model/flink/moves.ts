import { abort, addPiece, commit, missingItems, trigger, upload, write } from './checkpointing.ts';
import type { Flink } from './flink.ts';
import type { Job } from './job.ts';
import { cancel, crash, failOver, resume, suspend } from './lifecycle.ts';

/** What a job can do next, each with its weight; what it says is for the trace. */
export type Move = readonly [weight: number, act: () => string];

/** More pieces than these are compacted. */
const MOST_PIECES = 6;

export function movesOf(flink: Flink, job: Job): Move[] {
  if (job.state === 'suspended') {
    return [[1, () => resume(flink, job)]];
  }
  const often = flink.lasting.has(job) ? 0.01 : flink.failing.has(job) ? 0.05 : 0.4;
  return [
    ...checkpointMoves(flink, job),
    ...stateMoves(flink, job),
    ...materialisingMoves(flink, job),
    ...fileMoves(flink, job),
    [often, () => failOver(flink, job)],
    [often, () => crash(flink, job)],
    ...(flink.lasting.has(job) ? [] : endingMoves(flink, job)),
  ];
}

function endingMoves(flink: Flink, job: Job): Move[] {
  return [
    [0.1, () => suspend(flink, job)],
    [flink.rules.cancels ?? 0.25, () => cancel(flink, job)],
  ];
}

function checkpointMoves(flink: Flink, job: Job): Move[] {
  const moves: Move[] = [];
  const checkpoints = job.pending.filter(({ kind }) => !kind.startsWith('savepoint'));
  if (checkpoints.length < job.spec.concurrent) {
    moves.push([3, () => trigger(flink, job)]);
  }
  if (checkpoints.length === job.pending.length) {
    const kind = flink.chance.pick(['savepoint-canonical', 'savepoint-native'] as const);
    moves.push([flink.rules.savepoints ?? 0.25, () => trigger(flink, job, kind)]);
  }
  for (const pending of job.pending) {
    const { root } = pending;
    if (root !== null) {
      moves.push([8, () => commit(flink, job, pending, root)]);
    } else {
      const isUploaded = missingItems(pending).length === 0;
      const onward = isUploaded ? () => write(flink, job, pending) : () => upload(flink, job, pending);
      if (!(isUploaded && job.isStuck)) {
        moves.push([flink.failing.has(job) && isUploaded ? 0.1 : 8, onward]);
      }
      moves.push([flink.failing.has(job) ? 1 : 0.4, () => abortAloud(flink, job, pending.id)]);
    }
  }
  const toggle = (): string => {
    const isFailing = !flink.failing.delete(job);
    if (isFailing) {
      flink.failing.add(job);
    }
    return isFailing ? 'fails its checkpoints from now on' : 'is well again';
  };
  if (!job.isStuck) {
    moves.push([flink.failing.has(job) ? 0.25 : 0.2, toggle]);
  }
  return moves;
}

function abortAloud(flink: Flink, job: Job, id: number): string {
  for (const pending of job.pending.filter((other) => other.id === id)) {
    abort(flink, job, pending);
  }
  return `aborts checkpoint ${id}`;
}

function stateMoves(flink: Flink, job: Job): Move[] {
  const compact = (): string => {
    const gone = flink.chance.between(1, Math.min(3, job.pieces.length));
    job.pieces.splice(flink.chance.between(0, job.pieces.length - gone), gone);
    addPiece(flink, job);
    return `compacts ${gone} pieces into one`;
  };
  // One that completes no checkpoint needs all the longer what it has uploaded.
  const often = flink.lasting.has(job) && job.isStuck ? 0.05 : job.pieces.length > MOST_PIECES ? 6 : 1;
  const moves: Move[] = job.pieces.length > 0 ? [[often, compact]] : [];
  if (job.spec.sink) {
    const store = (): string => {
      const key = flink.place.data(job.spec, `taskowned/${flink.names.next()}`);
      flink.put(job, key);
      job.sinkFiles.push(key);
      return `sink writes ${key}`;
    };
    moves.push([job.sinkFiles.length > 3 ? 0.1 : 1, store]);
  }
  if (job.spec.backend === 'changelog') {
    // Long segments are uploaded without waiting for a checkpoint; each holds what came after the last trigger.
    const segment = (): string => {
      const key = `${flink.place.changelog(job.spec)}${flink.names.next()}`;
      flink.put(job, key, flink.chance.between(Math.max(job.triggered, flink.now() - 60_000), flink.now()));
      addPiece(flink, job).key = key;
      return `uploads segment ${key}`;
    };
    moves.push([1, segment]);
  }
  return moves;
}

function materialisingMoves(flink: Flink, job: Job): Move[] {
  const { materialising } = job;
  if (job.spec.backend !== 'changelog') {
    return [];
  }
  if (materialising === null) {
    const begin = (): string => {
      job.materialising = {
        replaces: new Set(job.pieces),
        files: [],
        wanted: flink.chance.between(1, 3),
        ends: flink.now() + flink.chance.between(0, flink.rules.longestMaterialisation),
      };
      return 'begins to materialise';
    };
    return [[flink.lasting.has(job) && job.isStuck ? 0.05 : 0.5, begin]];
  }
  if (materialising.files.length < materialising.wanted) {
    const store = (): string => {
      const key = flink.place.data(job.spec, `taskowned/${flink.names.next()}`);
      flink.put(job, key);
      materialising.files.push(key);
      return `materialises ${key}`;
    };
    return [[2, store]];
  }
  const finish = (): string => {
    job.pieces = job.pieces.filter((piece) => !materialising.replaces.has(piece));
    for (const key of materialising.files) {
      addPiece(flink, job).key = key;
    }
    job.materialising = null;
    return 'has materialised';
  };
  return flink.now() >= materialising.ends ? [[4, finish]] : [];
}

function fileMoves(flink: Flink, job: Job): Move[] {
  const moves: Move[] = [];
  if (job.deletes.length > 0) {
    const remove = (): string => {
      const [key = ''] = job.deletes.splice(flink.chance.between(0, job.deletes.length - 1), 1);
      flink.remove(key);
      return `deletes ${key}`;
    };
    moves.push([4, remove]);
  }
  if (job.lateWrites.length > 0) {
    moves.push([1, () => `writes ${flink.put(job, job.lateWrites.pop() ?? '')} late`]);
  }
  if (job.open !== null) {
    const { open } = job;
    const fill = (): string => {
      job.open = null;
      return `fills ${flink.put(job, open.key, flink.chance.in(0.7) ? open.since : flink.now())}`;
    };
    moves.push([0.5, fill]);
  }
  if (job.closing.length > 0) {
    const close = (): string => {
      const [file] = job.closing.splice(flink.chance.between(0, job.closing.length - 1), 1);
      if (file === undefined) {
        return 'has nothing to close';
      }
      // Of a multipart upload the time is that at which it began, many checkpoints ago.
      return `closes ${flink.put(job, file.key, flink.chance.in(0.5) ? file.since : flink.now())}`;
    };
    moves.push([2, close]);
  }
  return moves;
}
