import { memoryUsage } from 'node:process';
import { ObjectTable } from '#core/inventory/object-table.ts';
import { hexDigits } from '#tools/embedded-s3/hex-digits.ts';

/**
 * The rule on names by itself: which objects bear the name of a live one. Three fifths of the objects are live; of the
 * others none bears such a name (an ordinary area), or each does (an area that holds its own replica). Runs as a process
 * of its own; the memory is what was taken besides the table of objects.
 *
 * usage: tsx tools/bench/names.ts OBJECTS none|all
 */

const MEBIBYTE = 2 ** 20;
const FILES_OF_A_DIRECTORY = 2_500;
const LIVE = 3;
const OF = 5;
const ETAG = '1493e101ac38a2c15e6656d9295f17d0';

const size = Number(process.argv[2] ?? 1_000_000);
const isReplica = process.argv[3] === 'all';
const table = new ObjectTable();
const [liveFiles, otherFiles] = [Math.round((size * LIVE) / OF), size - Math.round((size * LIVE) / OF)];
fill('flink/', liveFiles, 0);
fill('replica/', otherFiles, isReplica ? 0 : liveFiles);
table.seal();
const isLive = (object: number): boolean => object < liveFiles;

const before = memory();
const begin = process.cpuUsage();
let most = before;
let twins = 0;
table.forEachNamesake(
  isLive,
  (object) => {
    // Asked once of each object while the filter is there.
    if (object % 65_536 === 0) {
      most = Math.max(most, memory());
    }
    return !isLive(object);
  },
  () => {
    if (twins % 65_536 === 0) {
      most = Math.max(most, memory());
    }
    twins++;
  },
);
const { user, system } = process.cpuUsage(begin);
const seconds = (user + system) / 1e6;
if (twins !== (isReplica ? otherFiles : 0)) {
  throw new Error(`${twins} objects have a live namesake, and ${isReplica ? otherFiles : 0} should.`);
}
console.log(
  JSON.stringify({
    objects: size,
    live: liveFiles,
    'with the name of a live one': twins,
    'CPU, s': Math.round(seconds * 100) / 100,
    'memory, MiB': Math.round((most - before) / MEBIBYTE),
  }),
);

function fill(prefix: string, files: number, from: number): void {
  for (let file = 0; file < files; file++) {
    const directory = `${prefix}${hexDigits(Math.floor(file / FILES_OF_A_DIRECTORY)).padEnd(32, '0')}/shared/`;
    table.add({ location: 0, key: directory + uuid(from + file), bytes: 1, modified: 1_000, etag: ETAG });
  }
}

/** Random for a filter, and the same in each run. */
function uuid(number: number): string {
  const [a, b, c] = [0x9e37_79b1, 0x85eb_ca6b, 0xc2b2_ae35].map((factor) =>
    hexDigits(Math.imul(number ^ factor, factor)),
  );
  return `${hexDigits(number)}-${b?.slice(0, 4)}-4${b?.slice(4, 7)}-8${c?.slice(0, 3)}-${c?.slice(3)}${a?.slice(0, 7)}`;
}

/** What the process holds outside the small objects of its heap: columns, filter and table. */
function memory(): number {
  return memoryUsage().arrayBuffers;
}
