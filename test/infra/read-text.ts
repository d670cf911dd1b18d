import { readFileSync } from 'node:fs';

/** A file of the project, from its top. */
export function readText(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
