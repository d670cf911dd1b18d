import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * `steward.json` for the functions. As a layer, since the environment of a function holds 4 KB in all, and since it is
 * part of the template then: what ran with which configuration can be told.
 */
export function configurationLayer(scope: Construct, text: string): LayerVersion {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  // Beside the template that names it, and so gone with it.
  const folder = join(Stage.of(scope)?.outdir ?? 'cdk.out', `steward-json-${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'steward.json'), text);
  return new LayerVersion(scope, 'Configuration', {
    description: 'steward.json of Flink Steward',
    compatibleRuntimes: [Runtime.NODEJS_24_X],
    compatibleArchitectures: [Architecture.ARM_64],
    code: Code.fromAsset(folder),
  });
}
