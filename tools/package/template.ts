import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLES } from '#functions/shared/bundles-folder.ts';
import { type PlainTemplate, plainTemplate } from '#infra/template/plain-template.ts';
import { filesIn, zipOf } from './zip.ts';

/** What it takes to deploy without the CDK: a template of CloudFormation, and the code that it names, in one archive. */

export const TEMPLATE = 'flink-steward.template.json';
export const ARCHIVE = 'flink-steward-cloudformation.zip';
const APP = new URL('../../cdk.json', import.meta.url);

/** @param bundles the folder of the functions' bundles. */
export async function packageTemplate(folder: string, bundles: string = BUNDLES): Promise<readonly string[]> {
  // `npm run test:templates` holds the template against more than this, which takes seconds.
  process.env.CDK_VALIDATION = 'false';
  const work = mkdtempSync(join(tmpdir(), 'flink-steward-template-'));
  try {
    const { context } = JSON.parse(readFileSync(APP, 'utf8'));
    return writeArchive(folder, plainTemplate({ bundles, context, folder: work }));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @returns the names of the files. */
export function writeArchive(folder: string, { template, assets }: PlainTemplate): readonly string[] {
  const text = Buffer.from(`${JSON.stringify(template, null, 1)}\n`);
  const code = assets.map((asset) => [asset.file, zipOf(filesIn(asset.folder), 9)] as const);
  writeFileSync(join(folder, TEMPLATE), text);
  writeFileSync(join(folder, ARCHIVE), zipOf(new Map([[TEMPLATE, text], ...code]), 0));
  return [TEMPLATE, ARCHIVE];
}
