import { describe, expect, it } from 'vitest';
import type { CfnEntry, CfnTemplate, Json } from '#infra/template/cfn.ts';
import { replacePlaceholders } from '#infra/template/placeholders.ts';
import { readable } from '#infra/template/readable.ts';

const FOLDER: Json = { 'Fn::Select': ['0', { 'Fn::Split': ['/', { Ref: 'Prefix' }] }] };
const PLACEHOLDERS = new Map<string, Json>([
  ['the-folder', FOLDER],
  ['the-folder/below', { Ref: 'Prefix' }],
  ['the-bucket', { Ref: 'Bucket' }],
]);

function template(entry: CfnEntry, rest: Readonly<Record<string, Json>> = {}): CfnTemplate {
  return { ...rest, Resources: { Role: { Type: 'AWS::IAM::Role', ...entry } }, Outputs: {} };
}

function replaced(Properties: Json): Json | undefined {
  return replacePlaceholders(template({ Properties }), PLACEHOLDERS).Resources.Role?.Properties;
}

describe('What stands for a parameter', () => {
  it.each<[string, Json, Json]>([
    ['as all of a text', 'the-bucket', { Ref: 'Bucket' }],
    ['not at all', 'a-bucket', 'a-bucket'],
    ['in a text', 'x the-bucket y', { 'Fn::Join': ['', ['x ', { Ref: 'Bucket' }, ' y']] }],
    [
      'the longest first',
      's3://the-bucket/the-folder/below',
      { 'Fn::Join': ['', ['s3://', { Ref: 'Bucket' }, '/', { Ref: 'Prefix' }]] },
    ],
    [
      'in a text that is put together already',
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':the-bucket']] },
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':', { Ref: 'Bucket' }]] },
    ],
    ['in lists and below keys', { a: [{ b: 'the-folder' }] }, { a: [{ b: FOLDER }] }],
    [
      'in a text with something between its parts',
      { 'Fn::Join': ['/', ['the-bucket', 'a']] },
      { 'Fn::Join': ['/', [{ Ref: 'Bucket' }, 'a']] },
    ],
  ])('is replaced %s', (_, value, expected) => {
    expect(replaced({ value })).toEqual({ value: expected });
  });

  it.each<[string, CfnTemplate, string]>([
    ['a description', template({}, { Description: 'Of the-bucket.' }), '.Description has "the-bucket"'],
    ['a dependency', template({ DependsOn: ['the-bucket'] }), 'Resources.Role.DependsOn has "the-bucket"'],
    ['a key', template({ Properties: { 'the-bucket': 1 } }), 'Resources.Role.Properties has "the-bucket"'],
    [
      'the name in a reference',
      template({ Properties: { a: { Ref: 'the-bucket' } } }),
      'Resources.Role.Properties.a has',
    ],
    [
      'a text with names of its own',
      template({ Properties: { a: { 'Fn::Sub': 'the-bucket' } } }),
      'Resources.Role.Properties.a has "the-bucket"',
    ],
    [
      'the name of a resource',
      { Resources: { 'the-bucket': { Type: 'T' } }, Outputs: {} },
      'Resources has "the-bucket", which stands for a parameter, where CloudFormation takes literal text only. Nothing is written.',
    ],
    [
      'the description of an output',
      { Resources: {}, Outputs: { Of: { Description: 'the-bucket', Value: '' } } },
      'Outputs.Of.Description has "the-bucket"',
    ],
  ])('is refused in %s', (_, one, sentence) => {
    expect(() => replacePlaceholders(one, PLACEHOLDERS)).toThrow(sentence);
  });
});

describe('A text that names resources', () => {
  it.each<[string, Json, Json]>([
    [
      'with references and attributes',
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':', { 'Fn::GetAtt': ['Queue', 'Arn'] }, '/*']] },
      { 'Fn::Sub': `arn:\${AWS::Partition}:\${Queue.Arn}/*` },
    ],
    ['with what looks like one', { 'Fn::Join': ['', [`\${a}`, { Ref: 'B' }]] }, { 'Fn::Sub': `\${!a}\${B}` }],
    ['with another function', { 'Fn::Join': ['', ['a', FOLDER]] }, { 'Fn::Sub': [`a\${Part1}`, { Part1: FOLDER }] }],
  ])('is written as people write it: %s', (_, value, expected) => {
    expect(readable({ value })).toEqual({ value: expected });
  });

  it.each<[string, Json]>([
    ['where a condition chooses a part of it', { 'Fn::Join': ['', ['a', { 'Fn::If': ['C', 'b', ''] }]] }],
    ['where something is between its parts', { 'Fn::Join': [', ', ['a', 'b']] }],
    ['where it is literal', 'a'],
  ])('is left as it is %s', (_, value) => {
    expect(readable(value)).toEqual(value);
  });
});
