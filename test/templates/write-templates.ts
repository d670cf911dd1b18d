import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { FlinkSteward } from '#infra/flink-steward.ts';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';
import { plainTemplate } from '#infra/template/plain-template.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { SAMPLE_CONFIGURATIONS, SAMPLE_PROPS } from '../infra/sample-configurations.ts';
import { makeStandInBundles } from '../infra/stand-in-bundles.ts';

/** The template that takes parameters. */
export const PLAIN = 'plain.template.json';

/**
 * Synthesises each of the sample configurations into a folder of its own below this one, and writes the template that
 * takes parameters.
 *
 * @returns the names of the samples by the paths of their templates.
 */
export function writeTemplates(folder: string): ReadonlyMap<string, string> {
  const bundles = join(folder, 'bundles');
  makeStandInBundles(bundles);
  const app = new App({ context: cdkJson.context, outdir: join(folder, 'cdk.out') });
  const stacks = Object.entries(SAMPLE_PROPS).map(([name, propsOf]) => {
    const id = name.replaceAll(/\W+/g, '-');
    const configuration = SAMPLE_CONFIGURATIONS[name];
    if (configuration !== undefined) {
      // As it is deployed, with its outputs.
      const props = { stackName: 'FlinkSteward', steward: { configuration, bundles } };
      return [name, new FlinkStewardStack(app, id, props)] as const;
    }
    const stack = new Stack(app, id, { stackName: 'FlinkSteward' });
    new FlinkSteward(stack, 'Steward', { bundles, ...propsOf(stack) });
    return [name, stack] as const;
  });
  const { directory } = app.synth();
  const plain = join(folder, PLAIN);
  const { template } = plainTemplate({ bundles, context: cdkJson.context, folder: join(folder, 'plain') });
  writeFileSync(plain, JSON.stringify(template, null, 1));
  return new Map([
    ...stacks.map(([name, stack]) => [join(directory, stack.templateFile), name] as const),
    [plain, 'the template with parameters'],
  ]);
}
