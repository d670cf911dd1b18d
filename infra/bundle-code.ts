import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionName } from '#functions/shared/function-names.ts';
import { SHARED_BUNDLES, type SharedBundles } from '#functions/shared/shared-bundles.ts';

/** The code of a function, from a folder that holds a folder for each of them, or, in a package, their shared files. */
export function bundleCode(scope: Construct, bundles: string, name: FunctionName): Code {
  const list = join(bundles, SHARED_BUNDLES);
  return Code.fromAsset(existsSync(list) ? assembled(scope, bundles, list, name) : join(bundles, name));
}

/** Only what this function needs: what another one may do, such as deleting, is not in its reach. */
function assembled(scope: Construct, bundles: string, list: string, name: FunctionName): string {
  const files = Object.entries((JSON.parse(readFileSync(list, 'utf8')) as SharedBundles)[name] ?? {});
  const hash = createHash('sha256');
  for (const [, source] of files) hash.update(readFileSync(join(bundles, source)));
  // Beside the template, and under the name of its contents, so that nothing of an earlier version is left in it.
  const outdir = Stage.of(scope)?.outdir ?? 'cdk.out';
  const folder = join(outdir, `flink-steward-${name}-${hash.digest('hex').slice(0, 16)}`);
  mkdirSync(folder, { recursive: true });
  for (const [target, source] of files) copyFileSync(join(bundles, source), join(folder, target));
  return folder;
}
