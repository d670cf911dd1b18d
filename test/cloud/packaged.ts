import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { buildFunctions } from '#functions/build.ts';
import { ARCHIVE, packageTemplate, TEMPLATE } from '#tools/package/template.ts';
import type { Anything } from './aws.ts';
import { Checkout, type Deployment, type Outputs, type Said } from './deployment.ts';
import { eventually } from './eventually.ts';
import { fillGaps } from './gaps.ts';
import type { Means } from './team.ts';

const ASSETS = 'my-assets';
const PREFIX = 'flink-steward';

/** A stack that is deployed from the archive alone, as docs/deploying.md says it: no CDK, no bootstrap. */
export class Packaged implements Deployment {
  readonly #means: Means;
  #given: ReadonlyMap<string, string> | null = null;

  constructor(means: Means) {
    this.#means = means;
  }

  /** Makes the archive, unpacks it, and copies its files into a bucket. */
  async upload(): Promise<void> {
    const { folder, buckets } = this.#means;
    const [made, unpacked] = [join(folder, 'package'), join(folder, 'flink-steward')];
    for (const one of [made, unpacked]) mkdirSync(one, { recursive: true });
    const bundles = join(folder, 'bundles');
    await buildFunctions(bundles, { maps: false });
    await packageTemplate(made, bundles, []);
    const files = Object.entries(unzipSync(readFileSync(join(made, ARCHIVE))));
    for (const [name, content] of files) writeFileSync(join(unpacked, name), content);
    fillGaps(unpacked);
    await buckets.create(ASSETS);
    for (const [name] of files) await buckets.put(ASSETS, `${PREFIX}/${name}`, readFileSync(join(unpacked, name)));
  }

  /** @param parameters those that change; the others stay as they are. */
  async deploy(parameters: Readonly<Record<string, unknown>>): Promise<Outputs> {
    const given = new Map(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
    const isNew = this.#given === null;
    const kept = [...(this.#given?.keys() ?? [])].filter((name) => !given.has(name));
    await this.#call(isNew ? 'create_stack' : 'update_stack', {
      TemplateURL: `${this.#means.environment.AWS_ENDPOINT_URL}/${ASSETS}/${PREFIX}/${TEMPLATE}`,
      Capabilities: ['CAPABILITY_IAM'],
      Parameters: [
        ...(isNew ? [{ ParameterKey: 'AssetBucket', ParameterValue: ASSETS }] : []),
        ...[...given].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
        ...kept.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
      ],
    });
    this.#given = new Map([['AssetBucket', ASSETS], ...(this.#given ?? []), ...given]);
    const stack = await this.#settled();
    if (!/^(?:CREATE|UPDATE)_COMPLETE$/.test(stack.StackStatus)) {
      throw new Error(`${stack.StackStatus}: ${await this.#reasons()}`);
    }
    return Object.fromEntries((stack.Outputs ?? []).map((one: Anything) => [one.OutputKey, one.OutputValue]));
  }

  async destroy(): Promise<void> {
    await this.#call('delete_stack', {});
    await eventually(
      () => this.#settled().catch(() => null),
      (stack) => stack === null || stack.StackStatus === 'DELETE_COMPLETE',
    );
  }

  async steward(args: readonly string[]): Promise<Said> {
    return await new Checkout(this.#means.folder, this.#means.environment).steward(args);
  }

  async #settled(): Promise<Anything> {
    return await eventually(
      async () => (await this.#call('describe_stacks', {})).Stacks[0],
      ({ StackStatus }) => !StackStatus.endsWith('_IN_PROGRESS'),
    );
  }

  async #reasons(): Promise<string> {
    const { StackEvents } = await this.#call('describe_stack_events', {});
    return StackEvents.filter((one: Anything) => one.ResourceStatus.endsWith('_FAILED'))
      .map((one: Anything) => `${one.LogicalResourceId}: ${one.ResourceStatusReason}`)
      .join('\n');
  }

  async #call(operation: string, input: object): Promise<Anything> {
    return await this.#means.aws.call('cloudformation', operation, { StackName: this.#means.stackName, ...input });
  }
}
