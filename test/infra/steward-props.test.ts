import { describe, expect, it } from 'vitest';
import { parseConfig } from '#config/steward-config.ts';
import { stewardProps } from '#infra/steward-props.ts';

function propsOf(area: unknown[]) {
  return stewardProps(parseConfig(JSON.stringify({ area }), 'steward.json'));
}

describe('The props of the construct', () => {
  it('adopt the one bucket that the area names, however many of its prefixes', () => {
    expect(propsOf(['s3://my-bucket/flink/checkpoints', 's3://my-bucket/flink/savepoints'])).toEqual({
      existingBucketName: 'my-bucket',
    });
  });

  it('adopt a bucket that is named without a prefix', () => {
    expect(propsOf(['s3://my-bucket'])).toEqual({ existingBucketName: 'my-bucket' });
  });

  it.each([
    ['nothing', []],
    ['a directory', ['./copy']],
    ['a copy of a bucket', [{ path: './copy', as: 's3://my-bucket' }]],
  ])('adopt no bucket where the area is %s', (_, area) => {
    expect(propsOf(area)).toEqual({});
  });

  it('are refused where the area lies in two buckets', () => {
    expect(() => propsOf(['s3://one/a', 's3://two/b'])).toThrow(
      'area names 2 buckets (one, two), but one stack looks after one bucket, so nothing is synthesised. Keep the locations of one bucket in this steward.json.',
    );
  });

  it('are refused where no bucket can have the name', () => {
    expect(() => propsOf(['s3://Bad:name/a'])).toThrow(
      'area names the bucket "Bad:name", and no bucket can have that name, so nothing is synthesised. Correct the location in steward.json.',
    );
  });
});
