import { describe, expect, it } from 'vitest';
import type { CfnEntry, CfnTemplate, Json } from '#infra/template/cfn.ts';
import { either } from '#infra/template/either.ts';

const NO_VALUE = { Ref: 'AWS::NoValue' };

function template(resources: Readonly<Record<string, CfnEntry>>): CfnTemplate {
  return { Description: 'A stack.', Resources: resources, Outputs: {} };
}

/** What becomes of the properties of a resource that is there with both choices. */
function ofProperties(then: Json, otherwise: Json): Json | undefined {
  const of = (Properties: Json) => template({ Queue: { Type: 'AWS::SQS::Queue', Properties } });
  return either('Chosen', of(then), of(otherwise)).Resources.Queue?.Properties;
}

describe('One template of two', () => {
  it('has a resource of one of them under the condition, and its outputs too', () => {
    // Prepare
    const queue = { Type: 'AWS::SQS::Queue', Properties: {} };
    const output = { Value: 'a' };

    // Act
    const { Resources, Outputs } = either(
      'Chosen',
      { ...template({ One: queue, Two: queue }), Outputs: { Of: output } },
      template({ One: queue }),
    );

    // Assess
    expect(Resources).toEqual({ One: queue, Two: { ...queue, Condition: 'Chosen' } });
    expect(Outputs).toEqual({ Of: { ...output, Condition: 'Chosen' } });
  });

  it.each<[string, Json, Json, Json]>([
    ['a value that both have', { a: 1 }, { a: 1 }, { a: 1 }],
    ['another value', { a: 1, b: 2 }, { a: 3, b: 2 }, { a: { 'Fn::If': ['Chosen', 1, 3] }, b: 2 }],
    ['a property of one', { a: 1 }, {}, { a: { 'Fn::If': ['Chosen', 1, NO_VALUE] } }],
    ['a property of the other', {}, { a: 1 }, { a: { 'Fn::If': ['Chosen', NO_VALUE, 1] } }],
    [
      'another reference',
      { a: { Ref: 'X' } },
      { a: { Ref: 'Y' } },
      { a: { 'Fn::If': ['Chosen', { Ref: 'X' }, { Ref: 'Y' }] } },
    ],
    [
      'an element of one, between those of both',
      { a: ['x', 'y', 'z'] },
      { a: ['x', 'z'] },
      { a: ['x', { 'Fn::If': ['Chosen', 'y', NO_VALUE] }, 'z'] },
    ],
    [
      'another element in the same place',
      { a: ['x', 'y'] },
      { a: ['x', 'z'] },
      { a: ['x', { 'Fn::If': ['Chosen', 'y', 'z'] }] },
    ],
    [
      'statements, by their names',
      {
        a: [
          { Sid: 'One', on: 'x' },
          { Sid: 'Two', on: 'x' },
        ],
      },
      { a: [{ Sid: 'Two', on: 'y' }] },
      {
        a: [
          { 'Fn::If': ['Chosen', { Sid: 'One', on: 'x' }, NO_VALUE] },
          { Sid: 'Two', on: { 'Fn::If': ['Chosen', 'x', 'y'] } },
        ],
      },
    ],
    [
      'a text in JSON, only where it differs',
      { a: '{"mode":"collect"}' },
      { a: { 'Fn::Join': ['', ['{"mode":"', { Ref: 'Mode' }, '"}']] } },
      { a: { 'Fn::Join': ['', ['{"mode":"', { 'Fn::If': ['Chosen', 'collect', { Ref: 'Mode' }] }, '"}']] } },
    ],
  ])('chooses of %s', (_, then, otherwise, expected) => {
    expect(ofProperties(then, otherwise)).toEqual(expected);
  });

  it('waits for what a condition leaves out, since CloudFormation passes over that', () => {
    // Prepare
    const queue = { Type: 'AWS::SQS::Queue' };
    const then = template({ One: { ...queue, DependsOn: ['Two'] }, Two: queue });

    // Act
    const { Resources } = either('Chosen', then, template({ One: queue }));

    // Assess
    expect(Resources.One).toEqual({ ...queue, DependsOn: ['Two'] });
  });

  it.each<[string, CfnTemplate, CfnTemplate, string]>([
    [
      'types',
      template({ One: { Type: 'AWS::SQS::Queue' } }),
      template({ One: { Type: 'AWS::SNS::Topic' } }),
      'One has another Type with Chosen than without, and no condition can say so.',
    ],
    [
      'what is waited for',
      template({ One: { Type: 'T', DependsOn: ['Two'] }, Two: { Type: 'T' } }),
      template({ One: { Type: 'T' }, Two: { Type: 'T' } }),
      'One has another DependsOn with Chosen than without, and no condition can say so.',
    ],
    [
      'a resource that is there without the choice alone',
      template({}),
      template({ One: { Type: 'T' } }),
      'One is there without Chosen alone, or under another condition besides.',
    ],
    [
      'a resource under two conditions',
      template({ One: { Type: 'T', Condition: 'Other' } }),
      template({}),
      'One is there without Chosen alone, or under another condition besides.',
    ],
    [
      'all else',
      { ...template({}), Description: 'Another stack.' },
      template({}),
      'The templates for and without Chosen differ beside their resources and outputs.',
    ],
  ])('is refused where CloudFormation can not choose: %s', (_, then, otherwise, sentence) => {
    expect(() => either('Chosen', then, otherwise)).toThrow(sentence);
  });
});
