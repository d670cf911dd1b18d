import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentOf, linesOf } from '#test/cli/steward.ts';
import { blocksOf } from './doc-script.ts';
import { MY_JOB, useDocWorld } from './doc-world.ts';
import { abridgedDocument } from './shown-output.ts';

const openWorld = useDocWorld();

/** The document of the block that begins so. */
function sample(begin: string): unknown {
  const { lines = [] } = blocksOf('docs/json.md').find(({ lines: [first = ''] }) => first.startsWith(begin)) ?? {};
  return abridgedDocument(begin.startsWith('{') ? lines : ['{', ...lines, '}']);
}

/** The paths of all that is neither an object nor a list; items of a list are taken together. */
function shapeOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((item) => shapeOf(item, `${path}[]`))
    : Object.entries(value).flatMap(([key, item]) => shapeOf(item, `${path}/${key}`));
  return [...new Set(inner)].sort();
}

describe('The samples of docs/json.md', () => {
  it('have the members of what audit says of costs', async () => {
    const world = await openWorld();
    const { cost } = documentOf(await world.steward('steward audit s3://my-bucket/flink --json'));
    expect(shapeOf(sample('"cost"'))).toEqual(shapeOf({ cost }));
  });

  it('have the members of what inspect prints', async () => {
    const world = await openWorld();
    const { out } = await world.steward(`steward inspect s3://my-bucket/${MY_JOB.root} --json`);
    expect(shapeOf(sample('{ "formatVersion"'))).toEqual(shapeOf(JSON.parse(out)));
  });

  it('have the members of what plan writes of an object', async () => {
    const world = await openWorld();
    await world.steward('steward plan s3://my-bucket/flink --verdicts verdicts.ndjson');
    const lines = linesOf(await readFile(join(world.cwd, 'verdicts.ndjson'), 'utf8'));
    const named = lines.find(({ rule }) => rule === 'named-by-root');
    expect(shapeOf(sample('{ "location"'))).toEqual(shapeOf(named));
  });
});
