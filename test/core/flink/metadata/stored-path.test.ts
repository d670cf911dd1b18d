import { describe, expect, it } from 'vitest';
import { isStoredPath } from '#core/flink/metadata/stored-path.ts';

describe('A stored path', () => {
  it.each(['s3://b/k', 's3a://b/a:b', 'file:/tmp/x', '/tmp/x', 'C:/x', 'c:x', 'a/b:c', 's3://b', 's3:\\x', 'x'])(
    '"%s" is one to Flink',
    (path) => {
      expect(isStoredPath(path, false)).toBe(true);
    },
  );

  it.each(['', 's3:', 's3:key', '3s://b/k', ':x', 'my dir:/x'])('"%s" is none to Flink', (path) => {
    expect(isStoredPath(path, false)).toBe(false);
  });

  it.each(['5cf6a8', 'a/b', '../x', '/x', '\\x'])('"%s" is a relative one to Flink', (path) => {
    expect(isStoredPath(path, true)).toBe(true);
  });

  it.each(['', '/', '//', '\\', 's3:x', 's3://b/k'])('"%s" is no relative one to Flink', (path) => {
    expect(isStoredPath(path, true)).toBe(false);
  });
});
