import { compareWith } from '#test/s3-conformance/compare.ts';

/** Seen with moto 5.2.1. */
compareWith('moto', {
  'makes no bucket twice in a region that forbids it': 'answers 200, as S3 does in us-east-1 only',
  'gives at most 1,000 keys, however many are asked for': 'gives as many as are asked for',
  'refuses a token that it never gave': 'takes it for a start-after',
  'encodes names for a URL where asked to, with a plus sign for a space': 'writes %20',
  'lists for old clients with a marker': 'does not count folders when it makes pages',
  'keeps a key with a newline': 'has no route for its URL',
  'copies and deletes a key with a newline': 'has no route for its URL',
  'deletes in a batch a key with a newline': 'has no route for its URL',
  'refuses a batch that names a control character': 'answers 500 with a page of HTML',
  'refuses content that does not match its digest': 'does not look at Content-MD5',
  'refuses content that does not match its checksum': 'does not look at it',
  'refuses a key of more than 1,024 bytes': 'takes it',
  'copies only what is meant': 'ignores the ETag of the source',
  'names only failures when it is to be quiet': 'names all',
  'spares the objects of a batch whose ETag is another one': 'ignores the ETags and deletes all',
  'refuses to delete more than 1,000 objects at once': 'deletes them',
  'lists uploads page by page': 'lists all at once',
  'knows no upload that was aborted': 'answers 500',
  'refuses parts in the wrong order': 'sorts them',
  'refuses to read a delete marker by its id': 'says NoSuchVersion',
  'has one version without a name while versioning is suspended': 'forgets the named ones',
});
