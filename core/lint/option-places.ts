import { parseFlinkPath, placeOf } from '#core/flink/state-path.ts';
import type { NamedPlace } from './state-places.ts';

/** Flink's options that name directories of state, and what they were called before. */
const DIRECTORY_OPTIONS = [
  'execution.checkpointing.dir',
  'execution.checkpointing.savepoint-dir',
  'execution.checkpointing.cluster.dir',
  'state.checkpoints.dir',
  'state.savepoints.dir',
  'state.backend.fs.checkpointdir',
  'state.backend.rocksdb.checkpointdir',
  'high-availability.storageDir',
  'high-availability.zookeeper.storageDir',
  'dstl.dfs.base-path',
];

const NAMED = new RegExp(
  `(${DIRECTORY_OPTIONS.map((option) => option.replaceAll('.', '\\.')).join('|')})[\\\\"']*\\s*[:=]\\s*[\\\\"']*(s3[anp]?://[^\\s"'\\\\,;)\\]]+)`,
  'g',
);

/**
 * The places that Flink's own options name in the texts of a file: in a `FlinkDeployment`, the values of a chart, the
 * configuration of a cluster.
 *
 * @param file how people know the file.
 */
export function optionPlaces(texts: readonly string[], file: string): readonly NamedPlace[] {
  return texts.flatMap((text) =>
    [...text.matchAll(NAMED)].flatMap(([, option = '', url = '']): NamedPlace[] => {
      const place = bucketPlace(url);
      return place === null ? [] : [{ ...place, by: `${option} in ${file}` }];
    }),
  );
}

/** The bucket and prefix of an S3 URL, whatever its scheme; null where it is none. Expressions are parts of names. */
export function bucketPlace(url: string): Pick<NamedPlace, 'bucket' | 'prefix'> | null {
  if (!/^s3[anp]?:\/\//i.test(url)) return null;
  const expressions = new Map<string, string>();
  const plain = url.replaceAll(/\$\{[^}]*\}/g, (expression) => {
    const standIn = `expression-${expressions.size}-`;
    expressions.set(standIn, expression);
    return standIn;
  });
  const path = parseFlinkPath(plain);
  if (path === null || path.authority === null) return null;
  const { store, key } = placeOf(path);
  const restored = (text: string): string =>
    [...expressions].reduce((whole, [standIn, expression]) => whole.replace(standIn, expression), text);
  return { bucket: restored(store.slice('s3://'.length)), prefix: prefixOf(restored(key)) };
}

/** Up to the folder of the first expression, since what it gives is not known. */
function prefixOf(key: string): string {
  const at = key.indexOf('${');
  const known = at === -1 ? key : key.slice(0, key.lastIndexOf('/', at) + 1);
  return known === '' || known.endsWith('/') ? known : `${known}/`;
}
