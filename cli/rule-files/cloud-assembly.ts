import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ConfigError } from '#config/config-error.ts';
import { decodeText } from '#config/decode-text.ts';
import { parseJson } from '#config/json-text.ts';

/** What of a manifest is needed (AWS CDK, "Cloud assembly schema"): stacks with their templates, and stages. */
const manifestSchema = z.looseObject({
  artifacts: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string(),
        properties: z
          .looseObject({ templateFile: z.string().optional(), directoryName: z.string().optional() })
          .optional(),
      }),
    )
    .optional(),
});

const STACK = 'aws:cloudformation:stack';
const STAGE = 'cdk:cloud-assembly';
const NESTED = '.nested.template.json';

/**
 * The templates of all stacks that the CDK synthesised into a folder, those of stages and nested stacks too, as paths
 * below it, in order.
 *
 * @throws ConfigError where the manifest is none
 */
export async function templatesOfAssembly(folder: string): Promise<readonly string[]> {
  const file = join(folder, 'manifest.json');
  const parsed = manifestSchema.safeParse(parseJson(decodeText(await readFile(file), file), file));
  if (!parsed.success) {
    throw new ConfigError(`${file} is no manifest of the CDK, so nothing was judged. Synthesise again: npx cdk synth`);
  }
  const artifacts = Object.values(parsed.data.artifacts ?? {});
  const stacks = artifacts
    .filter(({ type }) => type === STACK)
    .flatMap(({ properties }) => properties?.templateFile ?? []);
  const nested = (await readdir(folder)).filter((name) => name.endsWith(NESTED));
  const stages = artifacts
    .filter(({ type }) => type === STAGE)
    .flatMap(({ properties }) => properties?.directoryName ?? []);
  const inner = await Promise.all(
    stages.map(async (stage) =>
      (await templatesOfAssembly(join(folder, stage))).map((template) => join(stage, template)),
    ),
  );
  return [...new Set([...stacks, ...nested, ...inner.flat()])].sort();
}
