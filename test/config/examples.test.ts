import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configWarnings } from '#config/config-warnings.ts';
import { stewardJsonSchema } from '#config/json-schema.ts';
import { parseConfig, parseConfigAsWritten } from '#config/steward-config.ts';
import { bucketLocation, overlapProblem } from '#core/area/overlapping.ts';
import { parseFlinkPath } from '#core/flink/state-path.ts';

const FOLDER = new URL('../../examples/steward/', import.meta.url);
const NAMES = ['small', 'medium', 'large'];

function textOf(name: string): string {
  return readFileSync(new URL(`${name}.json`, FOLDER), 'utf8');
}

describe('The examples of steward.json', () => {
  it('are three sizes, linked from the page on configuration and from their own', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

    expect(files.sort()).toEqual(NAMES.map((name) => `${name}.json`).sort());
    for (const page of ['../../docs/configuration.md', 'README.md']) {
      const text = readFileSync(new URL(page, FOLDER), 'utf8');
      for (const file of files) expect(text).toContain(`${file})`);
    }
  });

  it.each(NAMES)('are valid, without a warning, and with locations that are apart: %s', (name) => {
    const config = parseConfig(textOf(name), `${name}.json`);

    expect(configWarnings(config)).toEqual([]);
    const locations = config.area.map((entry) => {
      if (entry.kind !== 's3') throw new Error(`${entry.path} is no bucket.`);
      const path = parseFlinkPath(entry.url);
      if (path === null) throw new Error(`${entry.url} is no URL.`);
      return bucketLocation(entry.url, path);
    });
    expect(overlapProblem(locations)).toBeNull();
  });

  it('show every key of the file that is not for special stores, in at least one of them', () => {
    const shown = new Set(NAMES.flatMap((name) => Object.keys(parseConfigAsWritten(textOf(name), name))));
    const known = Object.keys(stewardJsonSchema().properties ?? {});

    expect(known.filter((key) => !shown.has(key)).sort()).toEqual(['$schema', 'aliases', 'deadJobs', 'prices']);
  });
});
