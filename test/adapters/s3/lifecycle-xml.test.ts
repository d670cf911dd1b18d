import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { lifecycleOf } from '#adapters/s3/lifecycle-xml.ts';
import { BrokenPageError } from '#adapters/s3/xml-walk.ts';

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

describe('lifecycleOf', () => {
  it('reads all that S3 writes, in its order', () => {
    const rules = read(`
      <Rule>
        <ID>a &amp; b</ID><Status>Enabled</Status>
        <Filter><And><Prefix> ü/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag><Tag><Key>l</Key><Value/></Tag>
          <ObjectSizeGreaterThan>500</ObjectSizeGreaterThan></And></Filter>
        <Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>
        <Transition><Days>1</Days><StorageClass>STANDARD_IA</StorageClass></Transition>
        <NoncurrentVersionTransition><NoncurrentDays>3</NoncurrentDays></NoncurrentVersionTransition>
        <Transition><Date>2026-12-01T00:00:00.000Z</Date><StorageClass>GLACIER</StorageClass></Transition>
        <NoncurrentVersionExpiration><NewerNoncurrentVersions>2</NewerNoncurrentVersions></NoncurrentVersionExpiration>
        <AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>
      </Rule>
      <Rule><Prefix/><Status>Disabled</Status><Filter/></Rule>
      <Rule><Filter><Tag><Key>1</Key><Value>2</Value></Tag></Filter></Rule>`);

    expect(rules).toEqual({
      Rules: [
        {
          ID: 'a & b',
          Status: 'Enabled',
          Filter: {
            And: {
              Prefix: ' ü/',
              Tags: [
                { Key: 'k', Value: 'v' },
                { Key: 'l', Value: '' },
              ],
              ObjectSizeGreaterThan: 500,
            },
          },
          Expiration: { ExpiredObjectDeleteMarker: true },
          Transitions: [
            { Days: 1, StorageClass: 'STANDARD_IA' },
            { Date: '2026-12-01T00:00:00.000Z', StorageClass: 'GLACIER' },
          ],
          NoncurrentVersionTransitions: [{ NoncurrentDays: 3 }],
          NoncurrentVersionExpiration: { NewerNoncurrentVersions: 2 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
        { Prefix: '', Status: 'Disabled', Filter: {} },
        { Filter: { Tag: { Key: '1', Value: '2' } } },
      ],
    });
  });

  it('keeps what it does not know', () => {
    expect(
      read(`<Owner>x</Owner><Rule><Vaporize><Hours>3</Hours><Deep><Er/></Deep></Vaporize><Days>soon</Days>
        <ExpiredObjectDeleteMarker>maybe</ExpiredObjectDeleteMarker><Twice>1</Twice><Twice>2</Twice><Twice>3</Twice></Rule>`),
    ).toEqual({
      Owner: 'x',
      Rules: [
        {
          Vaporize: { Hours: '3', Deep: { Er: '' } },
          Days: 'soon',
          ExpiredObjectDeleteMarker: 'maybe',
          Twice: ['1', '2', '3'],
        },
      ],
    });
  });

  it('reads a configuration without rules', () => {
    expect(read('')).toEqual({ Rules: [] });
  });

  it.each([
    '<Error><Code>x</Code></Error>',
    '<LifecycleConfiguration><Rule>',
    '<LifecycleConfiguration><Rule><ID>a',
    '',
  ])('refuses what is no whole configuration: %s', (xml) => {
    expect(() => lifecycleOf(Buffer.from(xml))).toThrow(BrokenPageError);
    expect(() => lifecycleOf(Buffer.from(xml))).toThrow(/^The lifecycle configuration /);
  });
});

function read(inner: string): unknown {
  return lifecycleOf(
    Buffer.from(`<?xml version="1.0"?>\n<LifecycleConfiguration ${NAMESPACE}>${inner}</LifecycleConfiguration>`),
  );
}
