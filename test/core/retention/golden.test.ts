import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compileGlob } from '#config/glob.ts';
import { parseConfig } from '#config/steward-config.ts';
import { parseDuration } from '#config/units.ts';
import { isLabelledByPath, labelOf } from '#core/jobs/labels.ts';
import { decideRetention, type RetentionDecision } from '#core/retention/decide.ts';
import { type World, type WorldSpec, world } from '#test/support/world.ts';

/**
 * One file for each policy: an area in a few lines, a `steward.json`, and what becomes of every root. `{a}` stands for
 * a job id of 32 a's; a root is written by its directory.
 */

const FOLDER = new URL('golden/', import.meta.url);

const duration = z.string().transform((text) => {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) {
    throw new Error(`${text} is no duration.`);
  }
  return milliseconds;
});

const goldenSchema = z.strictObject({
  about: z.string(),
  config: z.record(z.string(), z.unknown()),
  roots: z.record(
    z.string(),
    z.strictObject({
      age: duration,
      kind: z
        .enum(['checkpoint', 'full-checkpoint', 'savepoint-canonical', 'savepoint-native', 'unknown'])
        .default('checkpoint'),
      damaged: z.boolean().default(false),
      outside: z.boolean().default(false),
      unreadable: z.boolean().default(false),
      pinned: z.boolean().default(false),
    }),
  ),
  /** Files without a root of their own, by key. */
  files: z.record(z.string(), duration).default({}),
  declaredDead: z.record(z.string(), duration).default({}),
  running: z.array(z.string()).default([]),
  restoredFrom: z.array(z.string()).default([]),
  expected: z.record(z.string(), z.string()),
});

type Golden = z.output<typeof goldenSchema>;

function read(name: string): Golden {
  const text = readFileSync(new URL(name, FOLDER), 'utf8').replace(/\{([0-9a-f])\}/g, (_, digit: string) =>
    digit.repeat(32),
  );
  return goldenSchema.parse(JSON.parse(text));
}

function worldOf({ roots, files, declaredDead }: Golden, rules: WorldSpec['settings']): World {
  return world({
    outside: ['s3://far'],
    objects: files,
    roots: Object.fromEntries(
      Object.entries(roots).map(([directory, { age, kind, damaged, outside, unreadable }]) => [
        directory,
        {
          age,
          kind,
          names: [...(damaged ? [`gone/${directory}/file`] : []), ...(outside ? [{ path: 's3://far/file' }] : [])],
          outcome: unreadable ? ('unreadable' as const) : ('read' as const),
        },
      ]),
    ),
    pinned: Object.keys(roots).filter((directory) => roots[directory]?.pinned),
    deadJobs: declaredDead,
    ...(rules === undefined ? {} : { settings: rules }),
  });
}

function decide(golden: Golden): readonly RetentionDecision[] {
  const config = parseConfig(JSON.stringify(golden.config), 'steward.json');
  const evidence = worldOf(golden, config.collect);
  return decideRetention(evidence, {
    policies: config.retain.map(({ path, endedJobs, savepoints }) => {
      const matches = compileGlob(path);
      return { matches: ({ key }) => matches(key), endedJobs, savepoints };
    }),
    minRestorePoints: config.minRestorePoints,
    groupBy: config.groupBy,
    labelOf: (owner) => labelOf(evidence.area, owner, config.labels, false),
    isLabelledByPath: (owner) => isLabelledByPath(evidence.area, owner, config.labels),
    running: new Set(golden.running),
    restoredFrom: golden.restoredFrom,
  });
}

function line({ action, reasons }: RetentionDecision): string {
  return `${action}: ${reasons.map(({ sentence }) => sentence).join('; ')}`;
}

describe('The golden case', () => {
  it.each(readdirSync(FOLDER).sort())('%s is decided as written there', (name) => {
    const golden = read(name);

    const decisions = decide(golden);

    const found = Object.fromEntries(
      decisions.map((decision) => [decision.root.directory.replace(/\/$/, ''), line(decision)]),
    );
    expect(found).toEqual(golden.expected);
    expect(decisions).toHaveLength(Object.keys(golden.roots).length);
  });
});
