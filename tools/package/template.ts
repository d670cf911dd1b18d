import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLES } from '#functions/shared/bundles-folder.ts';
import { type PlainTemplate, plainTemplate } from '#infra/template/plain-template.ts';
import { NOTICES } from './notices.ts';
import { filesIn, zipOf } from './zip.ts';

/** What it takes to deploy without the CDK: a template of CloudFormation, and the code that it names, in one archive. */

export const TEMPLATE = 'flink-steward.template.json';
export const ARCHIVE = 'flink-steward-cloudformation.zip';
const APP = new URL('../../cdk.json', import.meta.url);
/** What whoever passes on the code of others has to pass on too. */
const LICENSES: readonly string[] = [fileURLToPath(new URL('../../LICENSE', import.meta.url)), NOTICES];

/**
 * @param bundles the folder of the functions' bundles.
 * @param beside files that lie beside the template.
 */
export async function packageTemplate(
  folder: string,
  bundles: string = BUNDLES,
  beside: readonly string[] = LICENSES,
): Promise<readonly string[]> {
  // `npm run test:templates` holds the template against more than this, which takes seconds.
  process.env.CDK_VALIDATION = 'false';
  const work = mkdtempSync(join(tmpdir(), 'flink-steward-template-'));
  try {
    const { context } = JSON.parse(readFileSync(APP, 'utf8'));
    return writeArchive(folder, plainTemplate({ bundles, context, folder: work }), beside);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @returns the names of the files. */
export function writeArchive(
  folder: string,
  { template, assets }: PlainTemplate,
  beside: readonly string[] = [],
): readonly string[] {
  const text = Buffer.from(`${JSON.stringify(template, null, 1)}\n`);
  const code = assets.map((asset) => [asset.file, zipOf(filesIn(asset.folder), 9)] as const);
  const others = beside.map((path) => [basename(path), readFileSync(path)] as const);
  writeFileSync(join(folder, TEMPLATE), text);
  writeFileSync(join(folder, ARCHIVE), zipOf(new Map([[TEMPLATE, text], ...others, ...code]), 0));
  return [TEMPLATE, ARCHIVE];
}
