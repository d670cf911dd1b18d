import { Buffer } from 'node:buffer';
import { MAGIC } from '#core/flink/metadata/metadata-file.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import { ask, type Examined } from './examined.ts';
import { asStoreError, type Finding, failureFinding, finding } from './finding.ts';

/** Whether what checkpoints and savepoints begin with can be read. */

/** So many folders are looked into for a `_metadata`. */
const MOST_FOLDERS = 60;
/** A checkpoint may be subsumed between the look and the read. */
const ATTEMPTS = 3;
const NAME = '_metadata';
/** Folders that hold no root, and folders that are roots' own. */
const ROOTLESS = /\/(?:shared|taskowned)\/$/;
const ROOTS_OWN = /\/(?:chk-\d+|savepoint-[^/]+)\/$/;

/** Reads the first four bytes of one `_metadata`, where one is found soon. */
export async function checkReading(place: Examined): Promise<Finding> {
  const { location, name, arn, signal } = place;
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { key, isWhole } = await findMetadata(location.store, place);
      if (key === null) return noneFound(name, isWhole);
      const outcome = await location.store.read(key, { from: 0, to: 3, ...ask(place) });
      if (!outcome.found) continue;
      const chunks: Uint8Array[] = [];
      for await (const chunk of outcome.chunks) chunks.push(chunk);
      return readFinding(name, key, Buffer.concat(chunks));
    }
  } catch (error) {
    const failure = asStoreError(error, signal);
    return failureFinding('reading', name, failure, arn?.replace(/\*$/, `*${NAME}`) ?? null);
  }
  return finding('reading', name, 'not-checked', `Each ${NAME} that was listed was deleted before it could be read.`, {
    advice: 'Run again.',
  });
}

function readFinding(name: string, key: string, bytes: Buffer): Finding {
  return bytes.length === 4 && bytes.readInt32BE() === MAGIC
    ? finding('reading', name, 'ok', `${key} can be read.`)
    : finding('reading', name, 'warning', `${key} can be read, but does not begin like Flink's metadata.`, {
        advice: `While a ${NAME} that is not Flink's is in the area, nothing in the area is deleted.`,
        command: { words: ['audit'] },
      });
}

function noneFound(name: string, isWhole: boolean): Finding {
  const found = isWhole
    ? `There is no checkpoint or savepoint here, so no ${NAME} could be read.`
    : `No ${NAME} is in the first ${MOST_FOLDERS} folders, so none was read.`;
  return finding('reading', name, 'warning', found, {
    advice: isWhole
      ? 'Check the name, unless no job has completed a checkpoint in it yet.'
      : 'steward audit reads all of them.',
    command: { words: ['audit'] },
  });
}

/** Looks into the folders that are likeliest to hold one first, and into each page by page. */
async function findMetadata(
  store: ObjectStore,
  place: Examined,
): Promise<{ readonly key: string | null; readonly isWhole: boolean }> {
  const open = [place.prefix];
  for (let looked = 0; looked < MOST_FOLDERS; looked++) {
    const folder = open.pop();
    if (folder === undefined) return { key: null, isWhole: true };
    for await (const { folders, objects } of store.children(folder, ask(place))) {
      const found = objects.find(({ key, special }) => special === undefined && key === `${folder}${NAME}`);
      if (found !== undefined) return { key: found.key, isWhole: false };
      const next = folders.filter((each) => !ROOTLESS.test(`/${each}`));
      // The last is looked into first.
      open.push(
        ...next.filter((each) => !ROOTS_OWN.test(`/${each}`)),
        ...next.filter((each) => ROOTS_OWN.test(`/${each}`)),
      );
      // Folders of one page are enough of a folder; its own objects may be on a later page.
      if (folders.length > 0) break;
    }
  }
  return { key: null, isWhole: open.length === 0 };
}
