import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Holds the example for Terraform against the template and against the provider, with Terraform itself. */

const EXAMPLE = fileURLToPath(new URL('../../examples/terraform', import.meta.url));
/** A folder with the provider, for where its registry can't be reached. */
const { STEWARD_TERRAFORM_PLUGINS: plugins } = process.env;

/** @param template its path. @returns what to say of it, and whether all is well. */
export function judgeTerraform(folder: string, template: string): { readonly said: string; readonly isWell: boolean } {
  const module = join(folder, 'terraform');
  cpSync(EXAMPLE, module, { recursive: true });
  const run = (...args: readonly string[]) =>
    spawnSync('terraform', [...args, '-no-color'], {
      cwd: module,
      encoding: 'utf8',
      // It would follow a configuration of whoever runs it.
      env: { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1' },
    });
  if (run('version').error !== undefined) return { said: 'skipped, because there is no terraform', isWell: true };
  const from = plugins === undefined ? [] : [`-plugin-dir=${plugins}`];
  if (run('init', '-backend=false', '-input=false', ...from).status !== 0) {
    return { said: "skipped, because terraform can't get the provider for AWS", isWell: true };
  }
  const unpacked = unpackedLike(join(folder, 'package'), template);
  for (const args of [['fmt', '-check', '-recursive'], ['validate'], ['test', '-var', `package=${unpacked}`]]) {
    const { status, stdout, stderr } = run(...args);
    if (status !== 0) return { said: `terraform ${args[0]} fails:\n${stdout}${stderr}`, isWell: false };
  }
  return { said: 'well formed, valid for the provider, and passes what the template takes', isWell: true };
}

/** A folder with the names of the archive's files. */
function unpackedLike(folder: string, template: string): string {
  mkdirSync(folder);
  const text = readFileSync(template, 'utf8');
  writeFileSync(join(folder, 'flink-steward.template.json'), text);
  for (const name of text.match(/\w+-[0-9a-f]{16}\.zip/g) ?? []) writeFileSync(join(folder, name), name);
  return folder;
}
