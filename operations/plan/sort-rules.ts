import { compareKeys } from '#core/key-order.ts';
import type { PlanReport } from './plan.ts';

/** In which orders the rows of a plan can be shown, by the column that they go by. */

type Rule = PlanReport['reasons'][number];

const ORDERS = {
  size: (a: Rule, b: Rule) => b.bytes - a.bytes,
  objects: (a: Rule, b: Rule) => b.objects - a.objects,
  verdict: (a: Rule, b: Rule) => compareKeys(a.verdict, b.verdict),
  rule: (a: Rule, b: Rule) => compareKeys(a.rule, b.rule),
} as const;

/** A column by which the rows of a plan are sorted. */
export type RuleOrder = keyof typeof ORDERS;

/** All of them, the usual one first. */
export const RULE_ORDERS = Object.keys(ORDERS) as readonly RuleOrder[];

/** The rows by one column, the largest amount first. Rows that do not differ there stay as they are. */
export function sortRules(rules: readonly Rule[], order: RuleOrder): readonly Rule[] {
  return rules.toSorted(ORDERS[order]);
}
