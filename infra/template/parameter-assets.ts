import { join } from 'node:path';
import {
  type DockerImageAssetSource,
  type FileAssetLocation,
  type FileAssetSource,
  Fn,
  type ISynthesisSession,
  StackSynthesizer,
} from 'aws-cdk-lib';

/** Where the bundles of the functions lie is said by parameters: no bootstrap, no role of the CDK, no account. */

/** One bundle that a template names. */
export interface TemplateAsset {
  /** The folder that it is made of, from that of the template. */
  readonly folder: string;
  /** What its file is called: another one with another content, by which CloudFormation knows that a function changed. */
  readonly file: string;
}

export class ParameterAssets extends StackSynthesizer {
  readonly assets: TemplateAsset[] = [];
  readonly #bucket: string;
  readonly #prefix: string;

  /** @param bucket the name of the parameter. @param prefix likewise; of keys, without a slash at its end. */
  constructor(bucket: string, prefix: string) {
    super();
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  addFileAsset({ fileName = '', sourceHash, displayName = '' }: FileAssetSource): FileAssetLocation {
    const [, name = 'Code'] = /(\w+)\/Function\/Code$/.exec(displayName) ?? [];
    const file = `${name}-${sourceHash.slice(0, 16)}.zip`;
    if (!this.assets.some((known) => known.file === file)) this.assets.push({ folder: fileName, file });
    const [bucketName, objectKey] = [Fn.ref(this.#bucket), Fn.join('/', [Fn.ref(this.#prefix), file])];
    return {
      bucketName,
      objectKey,
      httpUrl: `https://s3.${this.boundStack.region}.${this.boundStack.urlSuffix}/${join(bucketName, objectKey)}`,
      s3ObjectUrl: `s3://${bucketName}/${objectKey}`,
    };
  }

  addDockerImageAsset({ directoryName = '' }: DockerImageAssetSource): never {
    throw new Error(`The template has no place for a container image (${directoryName}).`);
  }

  synthesize(session: ISynthesisSession): void {
    this.synthesizeTemplate(session);
    this.emitArtifact(session);
  }
}
