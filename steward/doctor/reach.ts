import { duration } from '#core/quantity.ts';
import { MOST_CLOCK_SKEW } from '#operations/clock-skew.ts';
import { openProbe } from '../open-probe.ts';
import { ask, type Examined } from './examined.ts';
import { asStoreError, type Finding, failureFinding, finding, partsOf } from './finding.ts';

/** Whether a location answers, where it lies, whether it may be listed, and whether its clock is ours. */

/** A difference of clocks of which nobody is told, in milliseconds. */
const UNTOLD = 2_000;

export interface Reached {
  readonly findings: readonly Finding[];
  /** Whether it answers, so that it can be asked more. */
  readonly answers: boolean;
  /** Whether it may be listed. */
  readonly listable: boolean;
}

/** @param clock of this machine, epoch milliseconds. */
export async function checkReach(place: Examined, clock: () => number): Promise<Reached> {
  const isBucket = place.location.reach.kind === 'bucket';
  try {
    const listing = await checkListing(place);
    return {
      findings: isBucket ? [await answering(place), listing, await checkClock(place, clock)] : [listing],
      answers: true,
      listable: true,
    };
  } catch (error) {
    const failure = asStoreError(error, place.signal);
    const { name, arn } = place;
    // Who is refused a right was answered.
    if (isBucket && failure.lacking.length > 0) {
      const findings = [await answering(place), failureFinding('listing', name, failure, arn)];
      return { findings, answers: true, listable: false };
    }
    const { found, advice } = partsOf(failure);
    const check = isBucket ? 'reach' : 'listing';
    return { findings: [finding(check, name, 'wrong', found, { advice })], answers: false, listable: false };
  }
}

async function answering({ location, name }: Examined): Promise<Finding> {
  const endpoint = (await (await openProbe(location))?.endpoint()) ?? null;
  const usage = await location.store.usage?.();
  const where = endpoint === null ? 'Amazon S3' : `The store at ${endpoint}`;
  return finding('reach', name, 'ok', `${where} answers, in the region ${usage?.region ?? 'of the client'}.`);
}

/** One page, for the right to list. @throws StoreError */
async function checkListing(place: Examined): Promise<Finding> {
  const { location, name, prefix } = place;
  for await (const { folders, objects } of location.store.children(prefix, ask(place))) {
    if (folders.length + objects.length > 0) return finding('listing', name, 'ok', 'It can be listed.');
  }
  return finding('listing', name, 'warning', 'It can be listed, and there is nothing in it.', {
    advice: 'Check the name, unless no job has written to it yet.',
  });
}

/** By as much as a run compares. The store tells whole seconds, and its answer takes its time. */
async function checkClock(place: Examined, clock: () => number): Promise<Finding> {
  const { location, name, arn, signal } = place;
  let skew: number;
  try {
    skew = (await location.store.now(ask(place))) - clock();
  } catch (error) {
    return failureFinding('clock', name, asStoreError(error, signal), arn);
  }
  const differs = Math.abs(skew);
  if (differs < UNTOLD) return finding('clock', name, 'ok', "Its clock and this machine's agree.");
  const found = `Its clock is ${duration(differs)} ${skew > 0 ? 'ahead of' : 'behind'} this machine's.`;
  return differs <= MOST_CLOCK_SKEW
    ? finding('clock', name, 'ok', found)
    : finding(
        'clock',
        name,
        'wrong',
        `${found} That is more than a minute, so ages can't be trusted, and every run ends.`,
        {
          advice: "Correct this machine's clock, then run again.",
        },
      );
}

/** For a location that can't be asked more. */
export function notAsked({ name }: Examined): Finding {
  return finding('other-checks', name, 'not-checked', 'The other checks of this location were not made.');
}
