import * as z from 'zod';
import { type CollectSettings, DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { ConfigError } from './config-error.ts';
import { durationSchema } from './field-schemas.ts';
import { stewardJsonSchema } from './json-schema.ts';
import { type JsonText, jsonWithoutText, parseJsonText } from './json-text.ts';
import { describeProblems, generalAdvice, located, type Problem } from './problems.ts';
import { stewardSchema } from './schema.ts';
import type { StewardJson } from './steward-json.ts';
import { formatDuration } from './units.ts';

export type { AreaEntry, BucketSettings } from './area-schema.ts';
export { ConfigError } from './config-error.ts';
export type { LabelRule } from './label-schema.ts';
export type { StewardJson } from './steward-json.ts';

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** `steward.json` after parsing: durations are milliseconds, sizes bytes, and defaults are filled in. */
export interface StewardConfig extends DeepReadonly<Omit<z.output<typeof stewardSchema>, '$schema' | 'collect'>> {
  readonly collect: CollectSettings;
  /** `collect.deletesPerSecond`: not which objects are deleted, but how fast. */
  readonly deletesPerSecond: number;
}

/**
 * @param text JSON, with comments and trailing commas where people like them
 * @param source the name of the file, as messages shall call it
 * @throws ConfigError with all problems, one a line; of a text that is no JSON, with the first
 */
export function parseConfig(text: string, source: string): StewardConfig {
  return configOf(parseJsonText(text, source, { comments: true }));
}

/** As {@link parseConfig}, but gives what is written there, once it has been found good. */
export function parseConfigAsWritten(text: string, source: string): StewardJson {
  const json = parseJsonText(text, source, { comments: true });
  configOf(json);
  return json.value as StewardJson;
}

/**
 * As {@link parseConfig}, of a configuration that a program made.
 * @throws ConfigError with all problems, one a line
 */
export function parseConfigObject(written: unknown, source: string): StewardConfig {
  return configOf(jsonWithoutText(written, source));
}

function configOf(text: JsonText): StewardConfig {
  const document = text.value;
  const result = stewardSchema.safeParse(document, { error: generalAdvice });
  const problems = [
    ...(result.success ? [] : describeProblems(result.error.issues, document, stewardJsonSchema())),
    ...timeoutProblems(document),
  ];
  if (!result.success || problems.length > 0) {
    throw new ConfigError(located(problems, text));
  }
  const { $schema: _, collect: written, ...config } = result.data;
  const { deletesPerSecond, ...collect } = written;
  return { ...config, collect, deletesPerSecond };
}

/** The configuration as it could stand in `steward.json`, with all defaults. Reading that gives the same configuration. */
export function writtenConfig({ collect, deletesPerSecond, ...config }: StewardConfig): StewardJson {
  return z.encode(stewardSchema, { ...config, collect: { ...collect, deletesPerSecond } } as z.output<
    typeof stewardSchema
  >);
}

/** What holds without any file: no area, and the default rules. */
export function defaultConfig(): StewardConfig {
  return parseConfigObject({}, 'the default configuration');
}

/**
 * Apart from the schema, because a schema's own cross-field checks are skipped as soon as any other key is wrong,
 * and all problems shall show at once.
 */
function timeoutProblems(document: unknown): Problem[] {
  const timeout = durationOf(document, 'checkpointTimeout');
  if (timeout === undefined) {
    return [];
  }
  if (timeout === 0) {
    return [
      {
        path: ['collect', 'checkpointTimeout'],
        sentence:
          "collect.checkpointTimeout is 0, which makes every other age meaningless, so the file is refused. Write execution.checkpointing.timeout of the slowest job; Flink's own default is 10m.",
      },
    ];
  }
  return (['minAge', 'quarantine'] as const).flatMap((key) => {
    const duration = durationOf(document, key);
    return duration === undefined || duration >= 2 * timeout
      ? []
      : [
          {
            path: ['collect', key],
            sentence: `collect.${key} is ${formatDuration(duration)}, which is below twice collect.checkpointTimeout (${formatDuration(timeout)}), so files of a checkpoint in progress could be deleted and the file is refused. Write ${formatDuration(2 * timeout)} or more.`,
          },
        ];
  });
}

/** The duration that holds, in milliseconds, or undefined where what is written is none. */
function durationOf(document: unknown, key: 'minAge' | 'quarantine' | 'checkpointTimeout'): number | undefined {
  const collect: unknown = z.looseObject({ collect: z.unknown() }).safeParse(document).data?.collect;
  const written = z.looseObject({ [key]: z.unknown() }).safeParse(collect).data?.[key];
  return written === undefined ? DEFAULT_COLLECT_SETTINGS[key] : durationSchema.safeParse(written).data;
}
