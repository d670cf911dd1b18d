import type { TakingRule } from '#core/lifecycle/disable-rule.ts';
import type { AskOptions } from '#ports/bucket-facts.ts';
import { type BucketsToCheck, hazardsOf } from './check-rules.ts';
import { bucketPrefix, judgeRules } from './judge-rules.ts';

/** How much of what jobs need the lifecycle rules of the buckets take, as two numbers. */
export interface RulesAtRisk {
  /**
   * Rules that take what a checkpoint or savepoint names, or will name, or what a cluster needs without any of them
   * naming it; and those that may, because they are not understood.
   */
  readonly rules: number;
  /**
   * Of the objects that those rules take, each once. Of unnamed ones only what the rule takes that takes most of them:
   * what several rules take is not told apart.
   */
  readonly bytes: number;
  /** A sentence for each of them. */
  readonly sentences: readonly string[];
  /** The same rules, by name. */
  readonly takers: readonly TakingRule[];
  /** Why rules of a bucket are not known. They may take more. */
  readonly unknown: readonly string[];
}

/** Never fails because of what a bucket refuses to say. */
export async function rulesAtRisk(
  { survey, jobs, buckets, policy }: BucketsToCheck,
  options: AskOptions = {},
): Promise<RulesAtRisk> {
  let rules = 0;
  let bytes = 0;
  const sentences: string[] = [];
  const takers: TakingRule[] = [];
  const unknown: string[] = [];
  for (const { facts, locations } of buckets) {
    const lifecycle = await facts.lifecycle(options);
    if (!lifecycle.known) {
      unknown.push(lifecycle.why);
      continue;
    }
    const { judgement, unnamed } = judgeRules({
      survey,
      jobs,
      locations,
      prefixes: locations.map((location) => bucketPrefix(survey, location)),
      bucket: facts.name,
      lifecycle: lifecycle.value,
      // What becomes of older versions says nothing of the objects that are there.
      versioned: false,
      policy,
    });
    const dangerous = (judgement?.rules ?? []).filter((rule) => rule.dangerous);
    const positions = new Set([...dangerous, ...unnamed].map(({ position }) => position));
    rules += positions.size;
    for (const { id, position, earliest } of judgement?.rules ?? []) {
      if (positions.has(position)) takers.push({ bucket: facts.name, id, position, from: earliest });
    }
    bytes += (judgement?.total.bytes ?? 0) + Math.max(0, ...unnamed.map((loss) => loss.bytes));
    sentences.push(...hazardsOf({ judgement, unnamed }).map(({ sentence }) => `${facts.name}: ${sentence}`));
  }
  return { rules, bytes, sentences, takers, unknown };
}
