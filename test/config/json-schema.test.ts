import { readFile } from 'node:fs/promises';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import { renderJsonSchema, stewardJsonSchema } from '#config/json-schema.ts';
import { renderStewardJsonType } from '#config/json-type.ts';
import type { stewardSchema } from '#config/schema.ts';
import type { StewardJson } from '#config/steward-json.ts';

type Schema = z.core.JSONSchema.BaseSchema;

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** Every property at any depth, as `collect.minAge`. */
function properties(schema: Schema, path: string): [string, Schema][] {
  const branches = [schema.items, ...(schema.anyOf ?? [])].flat();
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]): [string, Schema][] =>
      typeof property === 'boolean' ? [] : [[path + name, property], ...properties(property, `${path}${name}.`)],
    ),
    ...branches.flatMap((branch) => (typeof branch === 'object' ? properties(branch, path) : [])),
  ];
}

describe('the JSON schema of steward.json', () => {
  it('is committed as the validating schema generates it (else run npm run schema)', async () => {
    const committed = await readFile(new URL('../../config/steward.schema.json', import.meta.url), 'utf8');

    expect(committed).toBe(renderJsonSchema());
  });

  it('is the type by which programs write it, too (else run npm run schema)', async () => {
    const committed = await readFile(new URL('../../config/steward-json.ts', import.meta.url), 'utf8');

    expect(committed).toBe(renderStewardJsonType());
    // What the type allows, the schema reads, and the other way round; the compiler holds that.
    expectTypeOf<StewardJson>().toExtend<DeepReadonly<z.input<typeof stewardSchema>>>();
    expectTypeOf<z.input<typeof stewardSchema>>().toExtend<StewardJson>();
  });

  it('describes every key', () => {
    const all = properties(stewardJsonSchema(), '');

    expect(all.length).toBeGreaterThan(35);
    expect(all.filter(([, property]) => (property.description ?? '').length < 10).map(([path]) => path)).toEqual([]);
  });

  it('shows durations as people write them', () => {
    const minAge = properties(stewardJsonSchema(), '').find(([path]) => path === 'collect.minAge')?.[1];

    expect(minAge).toEqual({
      description: 'Nothing younger than this is deleted. At least twice "checkpointTimeout". Default: "24h".',
      default: '24h',
      type: 'string',
      pattern: '^[0-9]+(?:\\.[0-9]+)?(?:s|m|h|d|w)$',
    });
  });

  it('lets editors allow comments and trailing commas, as the program does', () => {
    expect(stewardJsonSchema()).toMatchObject({ allowComments: true, allowTrailingCommas: true });
  });

  it('requires no key of the file and allows no unknown one', () => {
    const schema = stewardJsonSchema();

    expect(schema.required).toBeUndefined();
    expect(schema.additionalProperties).toBe(false);
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  });
});
