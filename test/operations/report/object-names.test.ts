import { describe, expect, it } from 'vitest';
import { readingsOf, urlOnConsolePage } from '#operations/report/object-names.ts';

describe('urlOnConsolePage', () => {
  it.each([
    ['https://s3.console.aws.amazon.com/s3/object/b?region=eu-central-1&prefix=a/b%20c', 's3://b/a/b c'],
    ['https://eu-central-1.console.aws.amazon.com/s3/object/b?region=eu-central-1&prefix=a%2Fb', 's3://b/a/b'],
    ['https://eu-central-1.console.aws.amazon.com/s3/buckets/b?prefix=flink/&showversions=false', 's3://b/flink/'],
    ['https://console.aws.amazon.com/s3/buckets/b', 's3://b/'],
    ['https://cn-north-1.console.amazonaws.cn/s3/object/b?prefix=a', 's3://b/a'],
    ['https://us-gov-west-1.console.amazonaws-us-gov.com/s3/object/b?prefix=a', 's3://b/a'],
  ])('reads %s', (text, url) => {
    expect(urlOnConsolePage(text)).toBe(url);
  });

  it.each([
    's3://b/a',
    'https://',
    'https://example.org/s3/object/b?prefix=a',
    'https://console.aws.amazon.com.example.org/s3/object/b?prefix=a',
    'https://console.aws.amazon.com/ec2/object/b?prefix=a',
  ])('reads nothing out of %s', (text) => {
    expect(urlOnConsolePage(text)).toBeNull();
  });
});

describe('readingsOf', () => {
  it.each([
    ['flink/a', ['flink/a']],
    ['/flink//a', ['/flink//a', 'flink/a']],
    ['./flink/a', ['./flink/a', 'flink/a']],
    ['s3://b//a', ['s3://b//a']],
    ['/', ['/']],
    ['https://console.aws.amazon.com/s3/object/b?prefix=a', ['s3://b/a']],
  ])('takes %s as it stands first', (text, readings) => {
    expect(readingsOf(text)).toEqual(readings);
  });
});
