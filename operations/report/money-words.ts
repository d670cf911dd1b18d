import { bytes, count, duration, money } from '#core/quantity.ts';
import type { AuditReport } from './audit.ts';
import type { CostReport } from './cost.ts';
import type { RetainSaving, Saving, SavingsView } from './savings.ts';

/** What an area costs and what can be saved, in the same words on a terminal and on the page. */

export interface MoneyWords {
  /** What it costs a month; where no prices are known, what it holds. */
  readonly answer: string;
  /** What the sum contains beside the objects, or that it contains no more; null where there is nothing to tell. */
  readonly contains: string | null;
  /** What can be saved, the surest first; sentences. */
  readonly savings: readonly string[];
}

type Told = Pick<AuditReport, 'total' | 'cost' | 'savings' | 'undecidable' | 'start'>;

const CENT = 0.01;

/** Tells what an audit found about money. */
export function moneyWords({ total, cost, savings, undecidable, start }: Told): MoneyWords {
  const currency = cost?.currency ?? null;
  const isUndecidable = undecidable.length > 0;
  return {
    answer: cost === null ? bytes(total.bytes) : `${about(cost.wholePerMonth, cost.currency)} a month`,
    contains: cost === null ? null : containsOf(cost),
    savings: [
      reclaimableWords(savings, isUndecidable, currency),
      ...(isUndecidable
        ? []
        : [...waitingWords(savings, Date.parse(start), currency), ...endedWords(savings, currency)]),
      ...(isUndecidable || savings.reclaimable.bytes === 0 ? [] : (cost?.unlisted.afterDeletion ?? [])),
    ],
  };
}

/** An amount that is no exact one: `about $12.40`, `under 1 cent`. */
export function about(amount: number, currency: string): string {
  return `${amount < CENT ? '' : 'about '}${money(amount, currency)}`;
}

function containsOf({ unlisted: { versions, uploads, notLookedAt }, currency }: CostReport): string | null {
  const parts = [
    ...(versions === null || versions.count === 0
      ? []
      : [{ ...versions, what: count(versions.count, 'noncurrent version') }]),
    ...(uploads === null || uploads.count === 0
      ? []
      : [{ ...uploads, what: count(uploads.count, 'incomplete upload') }]),
  ].map(
    ({ what, bytes: held, perMonth, atLeast }) =>
      `${atLeast ? 'at least ' : ''}${money(perMonth, currency)} for ${what} (${bytes(held)})`,
  );
  const sentences = [
    ...(parts.length === 0 ? [] : [`${parts.join(' and ')} ${parts.length === 1 ? 'is' : 'are'} part of it.`]),
    ...(notLookedAt.length === 0 ? [] : ['Noncurrent versions or incomplete uploads were not counted.']),
  ].map(capital);
  return sentences.length === 0 ? null : sentences.join(' ');
}

function reclaimableWords({ reclaimable }: SavingsView, isUndecidable: boolean, currency: string | null): string {
  if (isUndecidable) return 'Nothing can be saved in this run: the area is undecidable.';
  if (reclaimable.bytes === 0) return 'Nothing can be saved now: there is no garbage.';
  return `${worth(reclaimable, currency)} can be saved now: ${bytes(reclaimable.bytes)} in ${count(reclaimable.objects, 'object')} that no checkpoint or savepoint references.`;
}

function waitingWords({ waiting }: SavingsView, now: number, currency: string | null): readonly string[] {
  if (waiting === null) return [];
  const { jobs, from, command } = waiting;
  return [
    `${held(waiting, currency)} more of ${count(jobs, 'silent job')} is in progress. It becomes garbage in ${duration(Date.parse(from) - now)}. Only if ${jobs === 1 ? 'that job has' : 'such a job has'} ended for good, declare it dead now: ${command}`,
  ];
}

function endedWords({ endedJobs, retain }: SavingsView, currency: string | null): readonly string[] {
  const hold =
    endedJobs === null
      ? ''
      : `${count(endedJobs.jobs, 'ended job holds', 'ended jobs hold')} ${held(endedJobs, currency)}`;
  if (retain === null) return hold === '' ? [] : [`${hold}.`];
  const frees = `${retain.setting} ${freed(retain, currency)}`;
  return [hold === '' ? `${frees}.` : `${hold}; ${frees}.`];
}

function freed(retain: RetainSaving, currency: string | null): string {
  if (retain.objects === 0) {
    const why = retain.heldBy ?? 'all of it belongs to restore points that are kept';
    return `${retain.configured ? 'frees' : 'would free'} none of it now, because ${why}`;
  }
  const roots = count(retain.roots, 'checkpoint or savepoint', 'checkpoints and savepoints');
  return `${retain.configured ? 'next frees' : 'would free'} ${held(retain, currency)}, by retiring ${roots}`;
}

function worth({ perMonth }: Saving, currency: string | null): string {
  return perMonth === null || currency === null ? 'Space' : `${capital(money(perMonth, currency))} a month`;
}

function held({ bytes: amount, perMonth }: Saving, currency: string | null): string {
  const size = bytes(amount);
  return perMonth === null || currency === null || perMonth < CENT
    ? size
    : `${size} (${money(perMonth, currency)} a month)`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
