import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { MOST_PARTS } from '#functions/shared/function-requests.ts';
import { FlinkSteward, type StewardJson } from '#infra/index.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { readText } from './read-text.ts';
import { SAMPLE_PROPS } from './sample-configurations.ts';
import { bundles, type Resource, synthesise, useSynthesis } from './synthesise.ts';

useSynthesis();

/** Services whose actions IAM calls otherwise than CloudFormation its types. */
const IAM_NAMES: Readonly<Record<string, string>> = { stepfunctions: 'states' };

const README = readText('README.md');
const DEPLOYING = readText('docs/deploying.md');
const SECTION = README.slice(README.indexOf('## On AWS'), README.indexOf('## Your Flink configuration'));

/** The blocks of a text that begin with a brace: what goes into `steward.json`. */
function configurations(text: string): readonly string[] {
  return [...text.matchAll(/```\n\s*(\{.*?)```/gs)]
    .map(([, block = '']) => block.trim())
    .filter((block) => block.includes('"area"'));
}

function commandsAsked(text: string): readonly string[] {
  return [...text.matchAll(/^steward --stack FlinkSteward ([a-z-]+)/gm)].map(([, command = '']) => command);
}

describe('The part of the README for those who deploy', () => {
  it('begins with a steward.json of three lines that synthesises', () => {
    const [first = ''] = configurations(SECTION);

    expect(first.split('\n')).toHaveLength(3);
    const { steward } = synthesise(JSON.parse(first) as StewardJson);
    expect(steward.adopted).toBe(true);
  });
});

describe('What the documents on deploying tell', () => {
  it.each(configurations(DEPLOYING))('is a configuration that synthesises: %s', (text) => {
    expect(() => synthesise(JSON.parse(text) as StewardJson)).not.toThrow();
  });

  it('goes by the commands that a deployment answers, from the first look to undo', () => {
    expect(new Set(commandsAsked(DEPLOYING))).toEqual(new Set(['audit', 'plan', 'apply', 'history', 'undo']));
  });

  it('says how often sweep goes on', () => {
    expect(DEPLOYING.replaceAll(/\s+/g, ' ')).toContain(`up to ${MOST_PARTS} runs in a row`);
  });

  it('names the services of which CloudFormation makes something', () => {
    // Act
    const resources = Object.values(SAMPLE_PROPS).flatMap((propsOf) => {
      const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');
      new FlinkSteward(stack, 'Steward', { bundles: bundles(), ...propsOf(stack) });
      return Object.values(Template.fromStack(stack).toJSON().Resources) as readonly Resource[];
    });

    // Assess
    const services = resources.flatMap(({ Type }) => /^AWS::(\w+)::/.exec(Type)?.[1]?.toLowerCase() ?? []);
    // Lambda asks EC2 in the name of whoever makes a function in a network.
    const inNetwork = resources.some(({ Properties }) => Properties?.VpcConfig !== undefined) ? ['ec2'] : [];
    const needed = new Set([...services.map((name) => IAM_NAMES[name] ?? name), ...inNetwork, 'ssm']);
    const [sentence = ''] = /The\s+services are `[^.]+\./.exec(DEPLOYING) ?? [];
    const named = [...sentence.matchAll(/`([a-z0-9]+)`/g)].map(([, service]) => service);
    expect(named.toSorted()).toEqual([...needed].sort());
  });
});
