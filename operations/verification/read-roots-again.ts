import { createHash } from 'node:crypto';
import pMap from 'p-map';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import type { CertifiedRoot } from '#operations/ledger/certificate-lines.ts';
import { nameHash } from '#operations/ledger/name-hashes.ts';
import type { CertifiedGrounds } from './certified-grounds.ts';
import type { Finding } from './finding.ts';
import { NameSet } from './name-set.ts';
import { pathFacts } from './path-facts.ts';
import type { LogLine } from './run-log.ts';

/** Holds a certificate against the roots themselves, as far as they are still what the run has read. */

/** Opens a root by its URL; null where no store of the area has such a place. May throw. */
export type OpenRoot = (url: string) => Promise<OpenedRoot> | null;

/** What there is at the place of a root. */
export type OpenedRoot =
  | { readonly found: true; readonly etag: string; readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly found: false };

/** How many of the certified roots were read again. */
export interface RootCounts {
  readonly certified: number;
  /** Still what the run has read. */
  readonly readAgain: number;
  /** Deleted, overwritten or moved since: for them their digest and the certified names stand. */
  readonly gone: number;
  /** Could not be read, by the run or now. */
  readonly unread: number;
}

const ROOTS_AT_ONCE = 4;

/** What the roots are held against. */
export interface RootsAgain {
  readonly grounds: CertifiedGrounds;
  /** What the run set out to delete. */
  readonly lines: readonly LogLine[];
  readonly open: OpenRoot;
  readonly signal: AbortSignal | undefined;
}

/** @param roots all that are certified. @throws StoreError, and the reason of the signal where that aborts. */
export async function readRootsAgain(
  roots: AsyncIterable<CertifiedRoot>,
  { grounds, lines, open, signal }: RootsAgain,
): Promise<{ readonly counts: RootCounts; readonly findings: readonly Finding[] }> {
  const deleted = new Map<string, LogLine[]>();
  for (const line of lines.filter(({ rule }) => rule !== 'retired')) {
    const { name } = pathFacts(line.url);
    if (name !== '') deleted.set(name, [...(deleted.get(name) ?? []), line]);
  }
  const groups = new DeletedGroups(grounds, deleted.keys());
  const findings: Finding[] = [];
  const counts = { certified: 0, readAgain: 0, gone: 0, unread: 0 };
  await pMap(
    roots,
    async (root) => {
      signal?.throwIfAborted();
      const outcome = await readAgain(root, open, (path) => {
        const name = path.slice(path.lastIndexOf('/') + 1);
        for (const line of deleted.get(name) ?? []) {
          if (!isOfDuplicate(line, path, grounds)) findings.push(namesDeleted(root, line, path));
        }
        if (groups.lacks(name)) findings.push(leavesOut(root, path));
      });
      // One that was cut short looks as if it could not be read.
      signal?.throwIfAborted();
      counts.certified++;
      counts[outcome]++;
    },
    { concurrency: ROOTS_AT_ONCE },
  );
  return { counts, findings };
}

async function readAgain(
  { url, etag, sha256, state }: CertifiedRoot,
  open: OpenRoot,
  tell: (path: string) => void,
): Promise<Exclude<keyof RootCounts, 'certified'>> {
  if (state === 'vanished') return 'gone';
  // The run could not know what it names, and has not certified that.
  if (state === 'unreadable') return 'unread';
  const paths = new Set<string>();
  try {
    const outcome = await open(url);
    if (outcome === null || !outcome.found) return 'gone';
    const hash = createHash('sha256');
    let failure: unknown = null;
    const content = (async function* () {
      for await (const chunk of outcome.chunks) {
        hash.update(chunk);
        yield chunk;
      }
    })();
    try {
      await readMetadata(content, { reference: ({ path }) => paths.add(path) });
    } catch (error) {
      failure = error;
    }
    const isSame = sha256 === null ? outcome.etag === etag : failure === null && hash.digest('hex') === sha256;
    if (!isSame) return failure === null ? 'gone' : 'unread';
  } catch {
    return 'unread';
  }
  for (const path of paths) tell(path);
  return 'readAgain';
}

/** A reference to the file that Flink made of the deleted one, under another job. */
function isOfDuplicate(line: LogLine, path: string, grounds: CertifiedGrounds): boolean {
  return grounds.exceptions(line.url).some((exception) => {
    if (exception.why !== 'duplicate') return false;
    const { job } = pathFacts(exception.of.url);
    return job !== null && job !== pathFacts(line.url).job && pathFacts(path).job === job;
  });
}

/** Which names the certificate must list: those near a deleted one. */
class DeletedGroups {
  readonly #grounds: CertifiedGrounds;
  readonly #groups: NameSet;
  readonly #shift: bigint;

  constructor(grounds: CertifiedGrounds, names: Iterable<string>) {
    this.#grounds = grounds;
    this.#shift = BigInt(64 - grounds.certificate.head.names.groupBits);
    this.#groups = new NameSet(BigUint64Array.from([...names].map((name) => this.#groupOf(nameHash(name)))));
  }

  /** Whether a name that a root references should be listed, and is not. */
  lacks(name: string): boolean {
    const hash = nameHash(name);
    return this.#groups.has(this.#groupOf(hash)) && !this.#grounds.names.has(hash);
  }

  #groupOf(hash: bigint): bigint {
    return hash >> this.#shift;
  }
}

function namesDeleted(root: CertifiedRoot, { url }: LogLine, path: string): Finding {
  return { rule: 'named-by-root', url, sentence: `${url} was deleted, but ${root.url} references it as ${path}.` };
}

function leavesOut(root: CertifiedRoot, path: string): Finding {
  const sentence = `The certificate leaves out a name that ${root.url} references: ${path}.`;
  return { rule: 'certificate', url: root.url, sentence };
}
