import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskCredentials, maskSecrets } from '#core/secrets.ts';

describe('The masking of secrets', () => {
  it.each([
    ['s3a://AKIAEXAMPLE:secret@bucket/flink/chk-7', 's3a://***@bucket/flink/chk-7'],
    ['s3a://AKIAEXAMPLE:sec/ret+x@bucket/flink', 's3a://***@bucket/flink'],
    [
      'It references s3n://K:S@b/x, and hdfs://user:pw@nn:8020/y.',
      'It references s3n://***@b/x, and hdfs://***@nn:8020/y.',
    ],
    ['{"a":"https://user:pw@host:9000","b":"x@y"}', '{"a":"https://***@host:9000","b":"x@y"}'],
    [
      'https://b.s3.amazonaws.com/report.html?X-Amz-Credential=AKIA%2F2027&X-Amz-Date=1&X-Amz-Signature=abc',
      'https://b.s3.amazonaws.com/report.html?X-Amz-Credential=***&X-Amz-Date=1&X-Amz-Signature=***',
    ],
    ['https://b/x?AWSAccessKeyId=A&Expires=1&Signature=b%3D', 'https://b/x?AWSAccessKeyId=***&Expires=1&Signature=***'],
    ['POST https://hooks.slack.com/services/T0/B0/xyz failed', 'POST https://hooks.slack.com/services/*** failed'],
  ])('leaves no secret of %s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  it.each([
    's3://bucket/flink/a:b@c/chk-7/_metadata',
    'hdfs://namenode:8020/flink/team@eu/chk-7',
    'http://jobmanager:8081 or ops@host',
    'http://jobmanager:8081, ask ops@host',
    '{"flinkRest":"http://jobmanager:8081","owner":"ops@host"}',
    'file:///data/a:b@c',
    'Store its URL there (https://hooks.slack.com/services/…)',
    'C:/tmp/x@y',
  ])('leaves %s as it is', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  it('leaves no password of any URL, and changes no text twice', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9+=]{1,20}$/);
    fc.assert(
      fc.property(word, word, word, fc.string(), (user, password, host, path) => {
        const secret = `zz${password}zz`;
        const masked = maskCredentials(`s3a://${user}:${secret}@${host}/${path}`);

        expect(masked.startsWith(`s3a://***@${host}/`)).toBe(true);
        expect(maskCredentials(masked)).toBe(masked);
      }),
    );
  });
});
