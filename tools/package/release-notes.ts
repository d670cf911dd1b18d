import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The notes of a release: what CHANGELOG.md says of its version.
 *
 * usage: npx tsx tools/package/release-notes.ts TAG
 */

/** What there is no release for. The message is for whoever pushed the tag. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}

/**
 * @param tag `v1.2.3`
 * @param version that of `package.json`.
 * @throws ReleaseError where the three do not belong together.
 */
export function releaseNotes(tag: string, version: string, changelog: string): string {
  if (tag !== `v${version}`) {
    throw new ReleaseError(
      `The tag is ${tag}, but package.json says version ${version}, so nothing is released. Tag the commit with that version as v${version}.`,
    );
  }
  const sections = changelog.split(/^(?=## )/m);
  const section = sections.find((text) => text.startsWith(`## [${version}]`));
  const [, ...lines] = section?.split('\n') ?? [];
  // Below the last section stand the addresses of its links.
  const notes = lines.filter((line) => !/^\[[^\]]+\]: /.test(line)).join('\n');
  if (notes.trim() === '') {
    throw new ReleaseError(
      `CHANGELOG.md says nothing of version ${version}, so nothing is released. Rename its section [Unreleased] to "[${version}] - " and the day, and tag that commit.`,
    );
  }
  return `${notes.trim()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  try {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    process.stdout.write(releaseNotes(process.argv[2] ?? '', version, read('CHANGELOG.md')));
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
