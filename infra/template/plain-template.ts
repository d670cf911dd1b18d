import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { StewardJson } from '#config/steward-json.ts';
import { type CfnTemplate, type Json, textOf } from './cfn.ts';
import { either } from './either.ts';
import type { TemplateAsset } from './parameter-assets.ts';
import { MOST_FOLDERS, type ParameterName } from './parameters.ts';
import { type Placeholders, replacePlaceholders } from './placeholders.ts';
import { readable } from './readable.ts';
import { CONDITIONS, TemplateStack } from './template-stack.ts';

/**
 * The stack of one adopted bucket as a template that takes parameters, for those who deploy without the CDK.
 *
 * A configuration is read at synthesis. So the stack is synthesised for each choice that changes more than a text, with
 * something that stands for each text; then the templates become one, in which conditions choose and parameters stand.
 * Whatever the construct makes of a configuration is in the template, without a line here for it.
 */
export interface PlainTemplate {
  readonly template: CfnTemplate;
  /** With absolute folders. */
  readonly assets: readonly TemplateAsset[];
}

export interface PlainTemplateProps {
  /** The folder of the functions' bundles. */
  readonly bundles: string;
  /** What the CDK shall know of the app: that of `cdk.json`. */
  readonly context: Readonly<Record<string, unknown>>;
  /** An empty folder, which will hold what the assets are made of. */
  readonly folder: string;
  /** @default {@link STAND_INS} */
  readonly standIns?: StandIns;
}

/** What stands for what people will say. It must not occur otherwise. */
export interface StandIns {
  readonly bucket: string;
  /** As many as a prefix may have. */
  readonly folders: readonly string[];
  /** As such an ARN is written. */
  readonly kmsKey: string;
  readonly secret: string;
  readonly stack: string;
}

export const STAND_INS: StandIns = {
  bucket: 'stands-for-the-bucket',
  folders: Array.from({ length: MOST_FOLDERS }, (_, at) => `stands-for-folder-${at + 1}`),
  kmsKey: 'arn:aws:kms:us-east-1:000000000000:key/stands-for-the-key',
  secret: 'stands-for-the-secret',
  stack: 'StandsForTheStack',
};

/** What people choose, each by a condition. */
interface Choices {
  readonly hasPrefix: boolean;
  readonly isEncrypted: boolean;
  readonly isVersioned: boolean;
  readonly collects: boolean;
  readonly tellsSlack: boolean;
}
const CHOICES = [
  'hasPrefix',
  'isEncrypted',
  'isVersioned',
  'collects',
  'tellsSlack',
] as const satisfies readonly (keyof Choices)[];

/** @throws PlaceholderError, EitherError where a part of the stack depends on a choice in a way that no template can say. */
export function plainTemplate({ bundles, context, folder, standIns = STAND_INS }: PlainTemplateProps): PlainTemplate {
  const placeholders = placeholdersOf(standIns);
  const variants = combinations(CHOICES).map((choices) => {
    // An app for each, since the path of a stack is in the names of what is in it.
    const outdir = join(folder, CHOICES.map((choice) => Number(choices[choice])).join(''));
    const app = new App({ outdir, treeMetadata: false, context: { ...context, ...UNSEEN } });
    const configuration = configurationOf(choices, standIns);
    const stack = new TemplateStack(app, ID, { configuration, bundles, stackName: standIns.stack });
    app.synth();
    const text = readFileSync(join(outdir, stack.templateFile), 'utf8');
    const assets = stack.assets.map(({ folder: made, file }) => ({ folder: resolve(outdir, made), file }));
    return { choices, template: replacePlaceholders(JSON.parse(text) as CfnTemplate, placeholders), assets };
  });
  return {
    template: readable(oneOf(CHOICES, variants) as Json) as CfnTemplate,
    assets: [...new Map(variants.flatMap(({ assets }) => assets).map((asset) => [asset.file, asset])).values()],
  };
}

/** As the app calls its stack by default: then what is in it has the same logical ids. */
const ID = 'FlinkSteward';

/** What would only cost time, and what nobody sees: where a construct was made, and copies of the code beside each template. */
const UNSEEN = {
  'aws:cdk:disable-stack-trace': true,
  'aws:cdk:disable-asset-staging': true,
  'aws:cdk:enable-path-metadata': false,
  'aws:cdk:enable-asset-metadata': false,
};

function configurationOf(choices: Choices, { bucket, folders, kmsKey, secret }: StandIns): StewardJson {
  const location = {
    bucket: ['s3:/', bucket, ...(choices.hasPrefix ? folders : [])].join('/'),
    ...(choices.isEncrypted ? { kmsKey } : {}),
    ...(choices.isVersioned ? { versioned: true } : {}),
  };
  return {
    area: [location],
    mode: choices.collects ? 'collect' : 'observe',
    ...(choices.tellsSlack ? { signals: { slack: { secretName: secret } } } : {}),
  };
}

function placeholdersOf({ bucket, folders, kmsKey, secret, stack }: StandIns): Placeholders {
  const above = folders.slice(0, -1).map((_, at) => [folders.slice(0, at + 1).join('/'), folderAbove(at + 1)] as const);
  return new Map<string, Json>([
    [bucket, ref('Bucket')],
    [folders.join('/'), ref('Prefix')],
    ...above,
    [kmsKey, ref('BucketKmsKey')],
    [secret, ref('SlackSecretName')],
    [stack, { Ref: 'AWS::StackName' }],
  ]);
}

/**
 * The first folders of the prefix. Where it has no more than these, that is itself, or below it with empty names: places
 * where a role may read no more than it may already.
 */
function folderAbove(depth: number): Json {
  const padded = { 'Fn::Join': ['', [ref('Prefix'), '/'.repeat(MOST_FOLDERS)]] };
  const folder = (at: number): Json => ({ 'Fn::Select': [String(at), { 'Fn::Split': ['/', padded] }] });
  return textOf(Array.from({ length: depth }, (_, at) => (at === 0 ? [folder(at)] : ['/', folder(at)])).flat());
}

function ref(name: ParameterName): Json {
  return { Ref: name };
}

function combinations(choices: readonly (keyof Choices)[]): readonly Choices[] {
  return choices.reduce<readonly Choices[]>(
    (all, choice) => all.flatMap((one) => [true, false].map((chosen) => ({ ...one, [choice]: chosen }))),
    [{ hasPrefix: false, isEncrypted: false, isVersioned: false, collects: false, tellsSlack: false }],
  );
}

interface Variant {
  readonly choices: Choices;
  readonly template: CfnTemplate;
}

function oneOf([choice, ...others]: readonly (keyof Choices)[], variants: readonly Variant[]): CfnTemplate {
  if (choice === undefined) {
    const [only] = variants;
    if (only === undefined || variants.length > 1) throw new Error('Each combination of choices must be there once.');
    return only.template;
  }
  const [then, otherwise] = [true, false].map((chosen) => variants.filter(({ choices }) => choices[choice] === chosen));
  return either(CONDITIONS[choice], oneOf(others, then ?? []), oneOf(others, otherwise ?? []));
}
