import { describe, expect, it } from 'vitest';
import { S3Deleter } from '#adapters/s3/s3-deleter.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import type { FaultRule } from '#tools/embedded-s3/faults.ts';
import { BUCKET, type S3Place, useS3Places } from './s3-place.ts';

const makePlace = useS3Places();

interface Guarded {
  readonly key: string;
  readonly etag: string;
}

async function makeDeleter(...keys: readonly string[]): Promise<
  S3Place & {
    readonly deleter: S3Deleter;
    readonly guard: (key: string) => Guarded;
    /** How often a batch and how often a single key was asked for. */
    readonly asked: () => readonly [batches: number, singles: number];
  }
> {
  const place = await makePlace();
  const { s3, client, put } = place;
  put(...keys);
  return {
    ...place,
    deleter: new S3Deleter({ bucket: BUCKET, client }),
    guard: (key) => ({ key, etag: s3.object(BUCKET, key)?.etag ?? '' }),
    asked: () => [s3.log.count('DeleteObjects'), s3.log.count('DeleteObject')],
  };
}

function always(operation: 'DeleteObject' | 'DeleteObjects', fault: FaultRule['do']): FaultRule {
  return { match: { operation }, do: fault };
}

const refusesBatches = always('DeleteObjects', { kind: 'answer', code: 'NotImplemented' });

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `flink/${String(index).padStart(4, '0')}`);
}

describe('Keys that XML can not hold', () => {
  const odd = ['a\u0001b', 'a\u001f', '\ufffe', 'x/\uffff/y'];

  it('are deleted one by one, and the others together', async () => {
    const { s3, deleter, guard, asked } = await makeDeleter('a', 'b', 'tab\t', ...odd);

    const outcomes = await deleter.delete(['a', ...odd, 'tab\t'].map(guard));

    expect(outcomes).toEqual(['a', ...odd, 'tab\t'].map((key) => ({ key, outcome: 'deleted' })));
    expect(s3.keys(BUCKET)).toEqual(['b']);
    expect(asked()).toEqual([1, odd.length]);
  });

  it('stay where they have changed', async () => {
    const { s3, deleter, guard } = await makeDeleter(...odd);
    const batch = [...odd.map(guard), { key: 'gone\u0001', etag: 'e' }];
    s3.put(BUCKET, odd[1] ?? '', 'again');

    const outcomes = await deleter.delete(batch);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['deleted', 'changed', 'deleted', 'deleted', 'gone']);
    expect(s3.keys(BUCKET)).toEqual([odd[1]]);
  });
});

describe('A batch that the store calls malformed', () => {
  it('is halved until the key that it can not read is alone, and that one is deleted by itself', async () => {
    const keys = [...numbered(999), 'flink/odd \u{1f600}'];
    const { s3, deleter, guard, asked } = await makeDeleter(...keys);
    s3.faults.add(always('DeleteObjects', { kind: 'refuse-body', body: /odd/, code: 'MalformedXML' }));

    const outcomes = await deleter.delete(keys.map(guard));

    expect(outcomes.every(({ outcome }) => outcome === 'deleted')).toBe(true);
    expect(outcomes.map(({ key }) => key)).toEqual(keys);
    expect(s3.keys(BUCKET)).toEqual([]);
    const [batches, singles] = asked();
    expect(singles).toBe(1);
    // Two for each halving of a thousand, and the first.
    expect(batches).toBeLessThanOrEqual(21);
  });

  it('shows a store that understands no batch as soon as a plain name is refused alone', async () => {
    const keys = numbered(64);
    const { s3, deleter, guard, asked } = await makeDeleter(...keys, 'later');
    s3.faults.add(always('DeleteObjects', { kind: 'refuse-body', body: /<ETag>/, code: 'MalformedXML' }));

    const outcomes = await deleter.delete(keys.map(guard));
    const first = asked();
    await deleter.delete([guard('later')]);

    expect(outcomes.every(({ outcome }) => outcome === 'deleted')).toBe(true);
    expect(first).toEqual([7, 64]);
    expect(asked()).toEqual([7, 65]);
    expect(s3.keys(BUCKET)).toEqual([]);
  });
});

describe('A store without DeleteObjects', () => {
  it.each([
    ['NotImplemented', 501, 2],
    ['MethodNotAllowed', 405, 1],
    ['XNotImplemented', 501, 2],
  ])('that says %s (%i) is asked for each key by itself from then on', async (code, status, asks) => {
    const { s3, deleter, guard, asked } = await makeDeleter('a', 'b', 'c', 'changed', 'kept');
    const batch = [...['a', 'b', 'changed'].map(guard), { key: 'none', etag: 'e' }];
    s3.put(BUCKET, 'changed', 'again');
    s3.faults.add(always('DeleteObjects', { kind: 'answer', code, status }));

    const outcomes = await deleter.delete(batch);
    const later = await deleter.delete([guard('c')]);

    expect([...outcomes, ...later]).toEqual([
      { key: 'a', outcome: 'deleted' },
      { key: 'b', outcome: 'deleted' },
      { key: 'changed', outcome: 'changed' },
      { key: 'none', outcome: 'gone' },
      { key: 'c', outcome: 'deleted' },
    ]);
    expect(s3.keys(BUCKET)).toEqual(['changed', 'kept']);
    expect(asked()).toEqual([asks, 5]);
  });

  it('leaves delete markers in a versioned bucket, and says which', async () => {
    const { s3, deleter, guard } = await makeDeleter();
    s3.bucket(BUCKET).versioning = 'Enabled';
    s3.put(BUCKET, 'a', 'x');
    s3.faults.add(refusesBatches);

    const [outcome] = await deleter.delete([guard('a')]);

    expect(outcome).toEqual({ key: 'a', outcome: 'deleted', versionId: expect.stringMatching(/^\w+$/) });
    expect(s3.object(BUCKET, 'a')).toBeUndefined();
  });

  it('deletes nothing where it can not compare ETags either', async () => {
    const { s3, deleter, guard } = await makeDeleter('a');
    s3.faults.add(refusesBatches);
    s3.faults.add(always('DeleteObject', { kind: 'answer', code: 'NotImplemented' }));

    const outcomes = await deleter.delete([guard('a')]);

    expect(outcomes).toEqual([
      {
        key: 'a',
        outcome: 'refused',
        why: 'The store does not support conditional deletes (If-Match), and the steward deletes nothing without them.',
      },
    ]);
    expect(s3.keys(BUCKET)).toEqual(['a']);
  });

  it('says why it refused a key, and deletes the others', async () => {
    const { s3, deleter, guard } = await makeDeleter('a', 'b');
    s3.faults.add(refusesBatches);
    s3.faults.add({ match: { operation: 'DeleteObject', key: 'a' }, do: { kind: 'answer', code: 'AccessDenied' } });

    const outcomes = await deleter.delete(['a', 'b'].map(guard));

    expect(outcomes).toEqual([
      {
        key: 'a',
        outcome: 'refused',
        why: "s3://checkpoints/a can't be deleted: access denied (AccessDenied: Access Denied); the next listing shows whether it was deleted. Grant s3:DeleteObject and s3:GetObject on arn:aws:s3:::checkpoints/a to these credentials.",
      },
      { key: 'b', outcome: 'deleted' },
    ]);
  });

  it('is not believed where somebody else answers in its place', async () => {
    const { s3, deleter, guard } = await makeDeleter('a');
    s3.faults.add(refusesBatches);
    s3.faults.add(
      always('DeleteObject', [
        { kind: 'rewrite-body', rewrite: () => '<html>Welcome to this network</html>' },
        { kind: 'answer', code: 'Welcome', status: 200 },
      ]),
    );

    expect(await deleter.delete([guard('a')])).toEqual([
      {
        key: 'a',
        outcome: 'refused',
        why: 'The store did not report whether it deleted this object; the next listing shows it.',
      },
    ]);
  });

  it('is asked for nothing more when the signal fires, and has answered or lost every request then', async () => {
    const keys = numbered(100);
    const { s3, deleter, guard, asked } = await makeDeleter(...keys);
    const abort = new AbortController();
    s3.faults.add(refusesBatches);
    s3.faults.add({
      match: { operation: 'DeleteObject', nth: 20 },
      do: { kind: 'run', callback: () => abort.abort() },
    });

    const outcomes = await deleter.delete(keys.map(guard), abort.signal);

    const why = outcomes.map((outcome) => (outcome.outcome === 'refused' ? outcome.why : outcome.outcome));
    expect(new Set(why)).toEqual(
      new Set([
        'deleted',
        'The run was stopped while the store was deleting this object; the next listing shows whether it was deleted.',
        'The run was stopped before this object was deleted.',
      ]),
    );
    expect(asked()[1]).toBeLessThan(40);
  });

  it('fails where there is no such bucket', async () => {
    const { s3, deleter, guard } = await makeDeleter('a', 'b');
    s3.faults.add(refusesBatches);
    s3.faults.add(always('DeleteObject', { kind: 'answer', code: 'NoSuchBucket' }));

    expect(await failureOf(() => deleter.delete(['a', 'b'].map(guard)))).toMatchObject({ code: 'no-such-place' });
  });
});

describe('A store that demands Content-MD5', () => {
  it.each([
    ['MissingContentMD5', 'Missing required header for this request: Content-MD5.'],
    ['InvalidRequest', 'Missing required header for this request: Content-MD5'],
    ['InvalidArgument', 'Unsupported header x-amz-checksum-crc32'],
    ['NotImplemented', 'A header you provided implies functionality that is not implemented.'],
  ])('with %s (%s) gets it from then on, in the place of the usual checksum', async (code, message) => {
    // Prepare
    const { s3, deleter, guard, asked } = await makeDeleter('a', 'b', 'changed', 'c');
    const batch = ['a', 'changed', 'b'].map(guard);
    s3.put(BUCKET, 'changed', 'again');
    s3.faults.add(always('DeleteObjects', { kind: 'demand-content-md5', code, message }));
    const seen: (readonly string[])[] = [];
    s3.faults.add(
      always('DeleteObjects', {
        kind: 'run',
        callback: ({ headers }) => {
          seen.push(Object.keys(headers).filter((name) => /md5|checksum/.test(name)));
        },
      }),
    );

    // Act
    const outcomes = await deleter.delete(batch);
    const later = await deleter.delete([guard('c')]);

    // Assess
    expect([...outcomes, ...later].map(({ outcome }) => outcome)).toEqual(['deleted', 'changed', 'deleted', 'deleted']);
    expect(s3.keys(BUCKET)).toEqual(['changed']);
    expect(asked()).toEqual([3, 0]);
    expect(seen).toEqual([['content-md5'], ['content-md5']]);
  });

  it('and does not take it either is asked for each key by itself', async () => {
    const { s3, deleter, guard, asked } = await makeDeleter('a', 'b');
    s3.faults.add(always('DeleteObjects', { kind: 'answer', code: 'MissingContentMD5' }));

    const outcomes = await deleter.delete(['a', 'b'].map(guard));

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['deleted', 'deleted']);
    expect(asked()).toEqual([2, 2]);
  });

  it.each(['BadDigest', 'AccessDenied', 'SlowDown', 'InvalidRequest'])(
    'is not meant by %s, which refuses the batch',
    async (code) => {
      const { s3, deleter, guard, asked } = await makeDeleter('a', 'b');
      s3.faults.add(always('DeleteObjects', { kind: 'answer', code }));

      const outcomes = await deleter.delete(['a', 'b'].map(guard));

      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
      expect(asked()).toEqual([1, 0]);
      expect(s3.keys(BUCKET)).toEqual(['a', 'b']);
    },
  );
});
