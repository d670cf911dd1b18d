import { describe, expect, it } from 'vitest';
import { accessPointOf, insteadOf, isListable } from '#core/area/access-points.ts';

const ARN = 'arn:aws:s3:eu-central-1:123456789012:accesspoint';

describe('a name of S3 that is no bucket', () => {
  it.each([
    ['s3://team-a-x1y2z3-s3alias/cp/x', 'alias', 's3://team-a-x1y2z3-s3alias'],
    ['s3a://ap-4f0x--ol-s3', 'alias', 's3://ap-4f0x--ol-s3'],
    ['s3p://ap-4f0x--op-s3/x', 'alias', 's3://ap-4f0x--op-s3'],
    [`${ARN}/team-a`, 'arn', `s3://${ARN}/team-a`],
    [`s3://${ARN}/team-a/cp/x`, 'arn', `s3://${ARN}/team-a`],
    [`s3a://${ARN}:team-a/cp/x`, 'arn', `s3://${ARN}:team-a`],
    [
      'arn:aws-cn:s3-outposts:cn-north-1:123456789012:outpost/op-01ab/accesspoint/ap',
      'arn',
      's3://arn:aws-cn:s3-outposts:cn-north-1:123456789012:outpost/op-01ab/accesspoint/ap',
    ],
    [
      'arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap',
      'multi-region',
      's3://arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap',
    ],
    ['s3://mfzwi23gnjvgw.mrap/x', 'multi-region', 's3://mfzwi23gnjvgw.mrap'],
    [
      's3a://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/x',
      'multi-region',
      's3://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com',
    ],
  ])('is known: %s', (text, kind, name) => {
    const point = accessPointOf(text);

    expect(point).toMatchObject({ kind, name });
    expect(point !== null && isListable(point)).toBe(kind === 'alias');
  });

  it.each([
    's3://bucket/team-a-x1y2z3-s3alias/x',
    's3://s3alias/x',
    's3://my.mrap.bucket/x',
    'file:///data/x-s3alias',
    './team-a-s3alias',
    'arn:aws:s3:::bucket/accesspoint',
    '',
  ])('is not seen in %s', (text) => {
    expect(accessPointOf(text)).toBeNull();
  });

  it('is answered with what to write instead', () => {
    const told = (text: string): string => {
      const point = accessPointOf(text);
      return point === null ? '' : insteadOf(point);
    };

    expect(told(`${ARN}/team-a`)).toBe(
      `That is the ARN of an access point, and only a bucket can be listed. Use the bucket behind it instead: s3://BUCKET/prefix. If jobs write that name into their checkpoints, add "aliases": {"s3://${ARN}/team-a": "s3://BUCKET"} to steward.json.`,
    );
    expect(told('s3://abc.mrap')).toContain(
      ' The other buckets behind it are copies of that one: where they are part of the area, add "copies": {"s3://BUCKET": "s3://OTHER-BUCKET"}.',
    );
  });
});
