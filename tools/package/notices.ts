import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Writes down whose packages are bundled, and their licences, which ask for it. */

const TOP = fileURLToPath(new URL('../..', import.meta.url));
/** In the package. */
export const NOTICES = fileURLToPath(new URL('../../dist/THIRD-PARTY-NOTICES.txt', import.meta.url));
/** The folder of a package, of which a path of one of its files begins. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;
const LICENCE_FILE = /^(?:licen[cs]e|notice|copying)(?:[.-].*)?$/i;
const RULE = '='.repeat(80);

/** Below the copyright. */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

interface Licensed {
  /** `name version (licence)`. */
  readonly title: string;
  /** Of the files of its licence, and of a notice. */
  readonly text: string;
}

/** @param inputs paths of bundled files, from the top of the project. */
export async function writeNotices(inputs: readonly string[]): Promise<void> {
  const folders = new Set(inputs.flatMap((path) => path.match(PACKAGE)?.[0] ?? []));
  const licensed = await Promise.all([...folders].sort().map(readLicence));
  await writeFile(NOTICES, renderNotices(licensed));
}

/** Packages that share a text, as those of one project do, stand above it together. */
function renderNotices(licensed: readonly Licensed[]): string {
  const titles = new Map<string, Set<string>>();
  for (const { title, text } of licensed) titles.set(text, (titles.get(text) ?? new Set()).add(title));
  const parts = [...titles].map(([text, of]) => `${RULE}\n${[...of].sort().join('\n')}\n\n${text}\n`);
  return `Flink Steward contains code of these packages, each under its own licence.\n\n${parts.join('\n')}`;
}

async function readLicence(folder: string): Promise<Licensed> {
  const { name, version, license, author } = JSON.parse(await readFile(join(TOP, folder, 'package.json'), 'utf8'));
  const files = (await readdir(join(TOP, folder))).filter((entry) => LICENCE_FILE.test(entry)).sort();
  const texts = await Promise.all(files.map(async (entry) => await readFile(join(TOP, folder, entry), 'utf8')));
  const text = texts.map((part) => part.replaceAll('\r\n', '\n').trim()).join('\n\n');
  return {
    title: `${name} ${version} (${license})`,
    text: text === '' ? await knownText(folder, license, author) : text,
  };
}

/** Of a package that names its licence and brings no text of it. */
async function knownText(folder: string, license: unknown, author: unknown): Promise<string> {
  if (license === 'Apache-2.0') return (await readFile(join(TOP, 'LICENSE'), 'utf8')).trim();
  if (license === 'MIT-0') return 'MIT No Attribution: its text need not be repeated.';
  const holder = nameOf(author);
  if (license === 'MIT' && holder !== null) return `Copyright (c) ${holder}\n\n${MIT}`;
  throw new Error(
    `${folder} is bundled under ${license}, but its folder has no file with that licence, so there is no package. Find its text, or bundle another package.`,
  );
}

/** As `package.json` has it: a name, or an object with one. */
function nameOf(author: unknown): string | null {
  if (typeof author === 'object' && author !== null && 'name' in author) return nameOf(author.name);
  return typeof author === 'string' && author !== '' ? author : null;
}
