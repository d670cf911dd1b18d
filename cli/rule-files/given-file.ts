import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ConfigError } from '#config/config-error.ts';
import { decodeText } from '#config/decode-text.ts';
import { parseJsonText } from '#config/json-text.ts';
import type { ParsedFile } from '#config/rule-files/parsed-file.ts';
import { UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { systemFailure } from '../system-failure.ts';
import { templatesOfAssembly } from './cloud-assembly.ts';

/** A file as somebody named it, or one in a folder that somebody named. */
export interface GivenFile {
  /** As people know it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether it is a template that the CDK synthesised. */
  readonly isCdk: boolean;
}

/** What the CDK leaves beside its templates. */
const MANIFEST = 'manifest.json';

/**
 * Reads what was named: a file, `-` for stdin, or a folder of the CDK with all its templates.
 *
 * @throws UsageError where it can't be read
 */
export async function readGiven(name: string, io: Pick<Io, 'cwd' | 'input'>): Promise<readonly GivenFile[]> {
  if (name === '-' && io.input !== undefined) return [{ name: 'stdin', bytes: await buffer(io.input), isCdk: false }];
  const path = resolve(io.cwd, name);
  try {
    if ((await stat(path)).isDirectory()) return await readFolder(name, path);
    if (basename(path) === MANIFEST) return await readFolder(dirname(name), dirname(path));
    return [{ name, bytes: await readFile(path), isCdk: await isBesideManifest(path) }];
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${name} can't be read: ${systemFailure(error, 'no such file')}. Give a plan as JSON, a template, a folder cdk.out, or a lifecycle document.`,
      { cause: error },
    );
  }
}

async function readFolder(name: string, path: string): Promise<readonly GivenFile[]> {
  if (!(await readdir(path)).includes(MANIFEST)) {
    throw new UsageError(
      `${name} is a folder without a ${MANIFEST}, so it is no output of the CDK. Give the files in it, or the folder cdk.out.`,
    );
  }
  const templates = await templatesOfAssembly(path);
  return await Promise.all(
    templates.map(async (template) => ({
      name: join(name, template),
      bytes: await readFile(join(path, template)),
      isCdk: true,
    })),
  );
}

async function isBesideManifest(path: string): Promise<boolean> {
  return path.endsWith('.template.json') && (await readdir(dirname(path))).includes(MANIFEST);
}

/** @throws ConfigError where it is neither JSON nor YAML, naming line and column */
export async function parseGiven({
  name,
  bytes,
  isCdk,
}: GivenFile): Promise<ParsedFile & { readonly isYaml: boolean }> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw new ConfigError(
      `${name} is a plan that only Terraform itself reads, so nothing in it was judged. Print it as JSON: terraform show -json ${name} > plan.json`,
    );
  }
  if (/\.(?:tf|hcl|tfvars)$/.test(name)) {
    throw new ConfigError(
      `${name} is in Terraform's own language, which only Terraform can evaluate, so nothing in it was judged. Give the plan as JSON: terraform plan -out plan && terraform show -json plan > plan.json`,
    );
  }
  const text = decodeText(bytes, name);
  if (!/^\s*[{[]/.test(text)) {
    if (text.trim() === '') throw new ConfigError(`${name} is empty, so nothing was judged.`);
    // Loaded only where it is needed: most files are JSON.
    const { parseYaml } = await import('./yaml-text.ts');
    return { ...parseYaml(text, name), isCdk, isYaml: true };
  }
  const { value, placeOf } = parseJsonText(text, name, { comments: false });
  const hasLines = text.trimEnd().includes('\n');
  return {
    value,
    isCdk,
    ...(isCdk ? { stack: basename(name).replace(/(?:\.nested)?\.template\.json$/, '') } : {}),
    isYaml: false,
    lineOf: (path) => (hasLines ? Number(placeOf(path).split(':').at(-2)) : null),
  };
}
