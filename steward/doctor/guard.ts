import { type GuardSettings, guardOf } from '#config/guard.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { liveSetStart } from '#operations/ledger/live-set-parts.ts';
import type { BucketNotices, ToldQueue } from '#ports/bucket-facts.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';
import type { Steward } from '../steward.ts';
import { ask, type Examined } from './examined.ts';
import { type Finding, finding } from './finding.ts';
import { untold } from './versioning.ts';

const BY_RULES = 's3:LifecycleExpiration:';
const BY_REQUESTS = 's3:ObjectRemoved:';
const EACH = ['Delete', 'DeleteMarkerCreated'];

/**
 * Whether a bucket tells the guard of a deployment what is deleted in it. None for a directory, and none where no deployment
 * with a guard has surveyed the area: nobody listens then.
 */
export async function checkGuard(
  place: Examined,
  { config }: Pick<Steward, 'config'>,
  ledger: LedgerStore | null,
): Promise<readonly Finding[]> {
  const { mode } = guardOf(config);
  if (mode === 'off' || ledger === null || place.location.facts === null || !(await isGuarded(ledger))) return [];
  const told = await place.location.facts.notices(ask(place));
  return [told.known ? findingOf(told.value, place, mode) : untold('guard', place.name, told, place.arn)];
}

/** What is wrong with a ledger is said where the ledger is examined. */
async function isGuarded(ledger: LedgerStore): Promise<boolean> {
  try {
    return (await liveSetStart(ledger)) !== null;
  } catch (error) {
    if (!(error instanceof LedgerError || error instanceof StoreError)) throw error;
    return false;
  }
}

function findingOf(
  { queues, eventBridge }: BucketNotices,
  { name, prefix }: Examined,
  mode: Exclude<GuardSettings['mode'], 'off'>,
): Finding {
  const hears = (what: string) => queues.find((queue) => tells(queue, what, prefix));
  const what = mode === 'all' ? 'what is deleted here' : 'what lifecycle rules delete here';
  const byRules = hears(BY_RULES);
  const byRequests = hears(BY_REQUESTS);
  if (byRules !== undefined && (mode === 'lifecycle' || byRequests !== undefined)) {
    return finding('guard', name, 'ok', `The queue ${byRules.queue} is told of ${what}.`);
  }
  if (eventBridge) {
    return finding(
      'guard',
      name,
      'ok',
      `EventBridge is told of ${what}, and hands it on to the guard. It charges for each object that is created or deleted.`,
    );
  }
  const only = byRules === undefined ? '' : ' but of what lifecycle rules delete';
  return finding('guard', name, 'warning', `The guard of the deployment hears of no deletion here${only}.`, {
    advice:
      'Give the notifications of the bucket the entry that the stack prints as GuardNotification, or set "deploy": {"notifications": "merge"} and deploy, or send the events of the bucket to EventBridge. Set "guard": "off" to go without.',
  });
}

function tells({ events, prefix, suffix }: ToldQueue, what: string, below: string): boolean {
  const isAll = events.includes(`${what}*`) || EACH.every((one) => events.includes(`${what}${one}`));
  return isAll && suffix === '' && below.startsWith(prefix);
}
