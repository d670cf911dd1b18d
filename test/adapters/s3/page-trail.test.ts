import { describe, expect, it } from 'vitest';
import { MOST_EMPTY_PAGES, PageTrail } from '#adapters/s3/page-trail.ts';

describe('PageTrail', () => {
  it('follows each token once, however far apart', () => {
    const trail = new PageTrail('s3://b/flink/');
    for (let page = 0; page < 2_500; page++) trail.follow(`token ${page}`, false);

    expect(() => trail.follow('token 0', false)).toThrow(
      'The listing of s3://b/flink/ returned the same continuation token twice, and may never end, so its contents are unknown. Check what is between this machine and the store: S3 does not list like this.',
    );
  });

  it('fails as a store that can not be reached, which is no absence', () => {
    const trail = new PageTrail('s3://b/');
    trail.follow('a', false);

    expect(() => trail.follow('a', false)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });

  it('passes over empty pages in a row up to its bound, and begins anew with each key', () => {
    const trail = new PageTrail('s3://b/');
    let pages = 0;
    const follow = (count: number, isEmpty: boolean): void => {
      for (let page = 0; page < count; page++) trail.follow(String(pages++), isEmpty);
    };

    follow(MOST_EMPTY_PAGES, true);
    follow(1, false);
    follow(MOST_EMPTY_PAGES, true);

    expect(() => follow(1, true)).toThrow('has 1001 pages in a row without a key');
  });
});
