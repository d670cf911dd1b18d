import { readdirSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';
import { TEMPLATE_PARAMETERS, type TemplateParameter } from '#infra/template/parameters.ts';
import { readText } from '../read-text.ts';
import { bundles, useSynthesis } from '../synthesise.ts';

useSynthesis();

const FOLDER = 'examples/terraform';
/** All that Terraform reads as one module. */
const MODULE = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.tf'))
  .map((name) => readText(`${FOLDER}/${name}`))
  .join('\n');

function matches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}

function blockAfter(text: string, begin: string): string {
  return text.slice(text.indexOf(begin) + begin.length).split('}')[0] ?? '';
}

describe('The example for Terraform', () => {
  it('passes the parameters of the template, all of them and no others', () => {
    const passed = matches(blockAfter(MODULE, 'parameters = {'), /^\s+(\w+)\s+=/gm);

    expect(passed.toSorted()).toEqual(Object.keys(TEMPLATE_PARAMETERS).sort());
  });

  it('has a variable for whatever it uses, and uses each', () => {
    const declared = matches(MODULE, /^variable "(\w+)"/gm);
    const used = matches(MODULE, /\bvar\.(\w+)/g);

    expect([...new Set(used)].sort()).toEqual(declared.toSorted());
  });

  it('defaults to what the template defaults to', () => {
    // Prepare
    const named = [...MODULE.matchAll(/^ {4}(\w+)\s+= (?:tostring\()?var\.(\w+)/gm)];
    const parameters: Readonly<Record<string, TemplateParameter>> = TEMPLATE_PARAMETERS;

    // Act
    const defaults = named.map(([, parameter = '', variable = '']) => {
      const [written] = matches(blockAfter(MODULE, `variable "${variable}" {`), /default\s+= (.*)$/gm);
      return [parameter, written === undefined ? undefined : String(JSON.parse(written))];
    });

    // Assess
    expect(defaults).toEqual(named.map(([, parameter = '']) => [parameter, parameters[parameter]?.default]));
  });

  it('tells what the stack tells', () => {
    // Prepare
    const steward = { configuration: { area: ['s3://my-bucket'] }, bundles: bundles() };
    const stack = new FlinkStewardStack(new App(), 'FlinkSteward', { steward });
    const outputs = Object.keys(Template.fromStack(stack).toJSON().Outputs);

    // Act
    const told = matches(MODULE, /\.outputs\["(\w+)"\]/g);

    // Assess
    expect(told).toHaveLength(4);
    expect(told.filter((name) => !outputs.includes(name))).toEqual([]);
  });
});
