import * as z from 'zod';
import { canonicalJson, type LifecycleJson } from '#core/lifecycle/document.ts';
import { isManaged, type LifecyclePolicy, managedRules, mergeRules } from '#core/lifecycle/managed-rules.ts';
import { JsonDocument } from '#operations/ledger/json-document.ts';
import type { AskOptions, BucketFacts, BucketLifecycle } from '#ports/bucket-facts.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { LifecycleWriter } from '#ports/lifecycle-writer.ts';

/** Keeps the steward's own lifecycle rules of a bucket in step with the configuration, and everybody else's as they are. */

const NO_RULES: LifecycleJson = { Rules: [] };

/** Which of its own rules the steward has left in each bucket, by bucket. */
const writtenSchema = z.object({ buckets: z.record(z.string(), z.array(z.string())) });

/** One bucket, and the rules that the steward wants in it. */
export interface ReconcileInput {
  readonly facts: BucketFacts;
  /** Of the area in this bucket. */
  readonly prefixes: readonly string[];
  readonly policy: LifecyclePolicy;
  readonly ledger: LedgerStore;
  /** Null where the bucket's rules are only to be compared. */
  readonly writer: LifecycleWriter | null;
  /** Whether rules come back that somebody has taken out. Otherwise that is reported, and they stay out. */
  readonly restore: boolean;
  readonly options?: AskOptions;
}

/** What became of the steward's own rules in one bucket. */
export interface RulesReconciliation {
  /** `s3://bucket`. */
  readonly bucket: string;
  /**
   * `in-step`: nothing was to do; `written`: and read back; `differs`: only compared; `not-written`: it was to be
   * written, and `why` says why it was not; `not-as-written`: what is there now is not what was written.
   */
  readonly result: 'in-step' | 'written' | 'differs' | 'not-written' | 'not-as-written' | 'unknown';
  readonly why: string | null;
  /** IDs of the steward's own rules. */
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  readonly removed: readonly string[];
  /** Those that it had written and somebody else has taken out. */
  readonly takenOut: readonly string[];
  /** Rules of others, which stay as they are. */
  readonly foreign: number;
  /** What it should be, where that is not what it is. */
  readonly document: LifecycleJson | null;
}

/** Never throws because of what a bucket refuses to say. @throws StoreError of the ledger, LedgerError */
export async function reconcileRules(input: ReconcileInput): Promise<RulesReconciliation> {
  const { facts, options = {} } = input;
  const lifecycle = await facts.lifecycle(options);
  const versioning = await facts.versioning(options);
  if (!lifecycle.known || !versioning.known) {
    const why = [lifecycle, versioning].flatMap((told) => (told.known ? [] : [told.why])).join(' ');
    return { ...nothing(facts.name), result: 'unknown', why };
  }
  const existing = lifecycle.value?.document ?? NO_RULES;
  const record = new JsonDocument(input.ledger, 'lifecycle-rules', writtenSchema);
  const before = (await record.read())?.value.buckets[facts.name] ?? [];
  const present = new Set(existing.Rules.filter(isManaged).map(({ ID }) => String(ID)));
  const wanted = managedRules(input.prefixes, input.policy, versioning.value !== 'never');
  const takenOut = before.filter((id) => !present.has(id) && wanted.some(({ ID }) => ID === id));
  const desired = input.restore ? wanted : wanted.filter(({ ID }) => !takenOut.includes(String(ID)));
  const merged = mergeRules(existing, desired);
  const found = {
    bucket: facts.name,
    added: merged.added,
    replaced: merged.replaced,
    removed: merged.removed,
    takenOut: input.restore ? [] : takenOut,
    foreign: existing.Rules.length - present.size,
    document: merged.changed ? merged.document : null,
  };
  const remember = async (): Promise<void> => {
    // A rule that somebody removed stays on record, so that it is reported until it is settled.
    const ids = [...desired.map(({ ID }) => String(ID)), ...found.takenOut];
    if (canonicalJson(ids) !== canonicalJson(before)) {
      await record.update(
        () => ({ buckets: {} }),
        ({ buckets }) => ({ buckets: { ...buckets, [facts.name]: ids } }),
      );
    }
  };
  if (!merged.changed) {
    if (merged.problem === null && input.writer !== null) {
      await remember();
    }
    return { ...found, result: merged.problem === null ? 'in-step' : 'not-written', why: merged.problem };
  }
  if (input.writer === null) {
    return { ...found, result: 'differs', why: null };
  }
  const hindrance = whyNotWritten(lifecycle.value, merged.document, existing);
  if (hindrance !== null) {
    return { ...found, result: 'not-written', why: hindrance };
  }
  await input.writer.replace(merged.document, options);
  const now = await facts.lifecycle(options);
  if (!now.known || !sameRules(now.value?.document ?? NO_RULES, merged.document)) {
    const why = now.known
      ? 'The rules that were read back are not the rules that were written: somebody else wrote rules at the same time, or the store changed them. Compare them with the document, then run again.'
      : now.why;
    return { ...found, result: 'not-as-written', why };
  }
  await remember();
  return { ...found, result: 'written', why: null };
}

/** The write replaces everybody's rules, so it must be able to say all of them. */
function whyNotWritten(
  lifecycle: BucketLifecycle | null,
  document: LifecycleJson,
  existing: LifecycleJson,
): string | null {
  const strange = [
    ...(lifecycle?.notUnderstood ?? []),
    ...(lifecycle?.rules ?? []).flatMap(({ id, position, notUnderstood }) =>
      notUnderstood.map((path) => `${path} of rule ${id ?? position}`),
    ),
  ];
  if (strange.length > 0) {
    return `Its lifecycle configuration has elements that this version does not understand (${strange.join(', ')}), and writing the configuration would lose them. Nothing was written; add the steward's rules by hand.`;
  }
  if (document.Rules.length === 0) {
    return `None of its ${existing.Rules.length} rules would be left, and S3 accepts no empty configuration. Nothing was written; delete the bucket's lifecycle configuration by hand.`;
  }
  return null;
}

/** The order of rules means nothing to S3, and it promises none; nor one way to write a date. */
function sameRules(a: LifecycleJson, b: LifecycleJson): boolean {
  const texts = ({ Rules }: LifecycleJson) =>
    Rules.map((rule) => canonicalJson(rule).replaceAll(/("Date":"[^"]*?)(?:\.0+)?Z"/g, '$1Z"')).sort();
  return canonicalJson(texts(a)) === canonicalJson(texts(b));
}

function nothing(bucket: string): RulesReconciliation {
  return {
    bucket,
    result: 'unknown',
    why: null,
    added: [],
    replaced: [],
    removed: [],
    takenOut: [],
    foreign: 0,
    document: null,
  };
}
