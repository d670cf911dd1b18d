import { compareWith } from '#test/s3-conformance/compare.ts';

const KEY_IS_PATH = 'takes keys for paths of a file system, and refuses this one';

/** Seen with MinIO at commit 7aac2a2c5b7c of February 2026, with a single drive. */
compareWith('minio', {
  'goes on from page to page without gap and without overlap': 'may end with an empty page',
  'lists whatever a sorted list of strings would give': 'leaves out what lies below a key that is an object too',
  'keeps a key with two slashes': KEY_IS_PATH,
  'copies and deletes a key with two slashes': KEY_IS_PATH,
  'deletes in a batch a key with two slashes': KEY_IS_PATH,
  'keeps a key with a slash at the beginning': 'drops that slash',
  'keeps a key with a dot as a name': KEY_IS_PATH,
  'copies and deletes a key with a dot as a name': KEY_IS_PATH,
  'deletes in a batch a key with a dot as a name': KEY_IS_PATH,
  'keeps a key with two dots as a name': KEY_IS_PATH,
  'copies and deletes a key with two dots as a name': KEY_IS_PATH,
  'deletes in a batch a key with two dots as a name': KEY_IS_PATH,
  'keeps a key with only dots': KEY_IS_PATH,
  'copies and deletes a key with only dots': KEY_IS_PATH,
  'deletes in a batch a key with only dots': KEY_IS_PATH,
  'passes over what is no range': 'answers 416',
  'deletes one object only while its ETag is unchanged': 'ignores If-Match and deletes it',
  'says that an object has gone when its ETag is given': 'answers 204',
  'spares the objects of a batch whose ETag is another one': 'ignores the ETags and deletes all',
  'lists uploads until they are aborted': 'lists uploads of exactly one key, which is the prefix',
  'lists uploads page by page': 'lists uploads of exactly one key, which is the prefix',
});
