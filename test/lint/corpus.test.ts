import { describe, expect, it } from 'vitest';
import { readRulesFile } from '#config/rule-files/read-rules-file.ts';
import { DEFAULT_LIFECYCLE_POLICY } from '#core/lifecycle/managed-rules.ts';
import { isUndecided, type LintedBucket, lintFile } from '#core/lint/lint-file.ts';
import type { LintVerdict } from '#core/lint/linted.ts';
import { textOf } from '#test/docs/doc-script.ts';
import { type CorpusCase, corpus, corpusTable, documentOf } from './corpus.ts';

const ALL = corpus();
const CASES = ALL.filter(({ madeUp }) => madeUp !== true);
const MADE_UP = ALL.filter(({ madeUp }) => madeUp === true);
const NOW = Date.UTC(2027, 2, 1);

function linted(one: CorpusCase): readonly LintedBucket[] {
  const file = readRulesFile({ value: documentOf(one), isCdk: one.form === 'cdk', lineOf: () => null }, 'file.json');
  return lintFile(file, 'file.json', { told: null, policy: DEFAULT_LIFECYCLE_POLICY, now: NOW });
}

describe('The corpus of public configurations', () => {
  it('has dangerous ones in every form, and more that are harmless', () => {
    const dangerous = CASES.filter(({ takes }) => takes.length > 0);

    expect(new Set(dangerous.map(({ form }) => form))).toEqual(new Set(['terraform', 'terraform-inline', 'cdk', 's3']));
    expect(dangerous.length).toBeGreaterThanOrEqual(12);
    expect(CASES.length - dangerous.length).toBeGreaterThanOrEqual(20);
  });

  it('leaves nothing of public projects undecided', () => {
    expect(CASES.flatMap(({ undecided }) => undecided)).toEqual([]);
  });

  it.each(ALL.map((one) => [one.about, one] as const))(
    'is judged without one false alarm, and nothing is missed: %s',
    (_, one) => {
      const buckets = linted(one);

      const idsWith = (wanted: LintVerdict) =>
        buckets.flatMap(({ rules }) => rules.filter(({ verdict }) => verdict === wanted).map(({ id }) => id));
      expect(idsWith('takes')).toEqual(one.takes);
      expect(idsWith('undecided')).toEqual(one.undecided);
      expect(buckets.some(isUndecided)).toBe(one.undecided.length > 0);
    },
  );

  it('is safe with the replacement that is given for each dangerous one', () => {
    for (const one of CASES.filter(({ takes }) => takes.length > 0)) {
      const [{ replacement, bucket } = { replacement: null, bucket: null }] = linted(one);
      const Rules = replacement?.document.Rules ?? [];
      const file = readRulesFile({ value: { Rules }, lineOf: () => null }, 'safe.json');
      const told = [{ bucket: 'any', prefix: '', by: '--flink' }];
      const again = lintFile(file, 'safe.json', { told, policy: DEFAULT_LIFECYCLE_POLICY, now: NOW });

      expect(bucket).not.toBeNull();
      expect(Rules.length).toBeGreaterThan(0);
      expect(again.flatMap(({ rules }) => rules.filter(({ verdict }) => verdict === 'takes'))).toEqual([]);
    }
  });

  it('stands in docs/lint.md as it is', () => {
    for (const table of [corpusTable(CASES), corpusTable(MADE_UP)]) {
      expect(textOf('docs/lint.md').includes(table), `docs/lint.md has another table than this:\n${table}`).toBe(true);
    }
  });
});
