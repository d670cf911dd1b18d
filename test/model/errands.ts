import type { MemoryBucket } from '#test/support/memory-bucket.ts';
import type { Chance } from './chance.ts';
import type { Charge } from './charge.ts';
import type { Flink } from './flink/flink.ts';
import type { Job } from './flink/job.ts';
import type { Overseer } from './overseer.ts';
import type { Profile } from './profile.ts';
import type { Errand } from './steward.ts';

interface Situation {
  readonly chance: Chance;
  readonly profile: Profile;
  readonly flink: Flink;
  readonly bucket: MemoryBucket;
  readonly overseer: Overseer;
}

/** What a steward is told to do next, by people who tell no lies. */
export function chooseErrand({ chance, profile, flink, bucket, overseer }: Situation, { ledger }: Charge): Errand {
  const does = chance.weighted<Exclude<Errand['does'], 'collect-in-shards'>>([
    [12, 'collect'],
    [3, 'observe'],
    [profile.retains ? 2 : 0, 'retire'],
    [profile.retains || profile.versions ? 3 : 0, 'undo'],
    [profile.pauses, 'pause'],
    [overseer.isPaused(ledger) ? 8 : 0, 'resume'],
    [profile.pins, 'pin'],
    [0.5, 'unpin'],
    [profile.declares ? 1.5 : 0, 'declare-dead'],
  ]);
  if (does === 'pin' || does === 'unpin') {
    const roots = [...flink.roots.keys()];
    return roots.length === 0 ? { does: 'collect' } : { does, url: `${bucket.name}/${chance.pick(roots)}` };
  }
  if (does === 'declare-dead') {
    const dead = flink.jobs.filter((job) => isDead(job, flink));
    return dead.length === 0 ? { does: 'collect' } : { does, job: chance.pick(dead).spec.jobId };
  }
  return does === 'collect' && profile.shards > 0 && chance.in(0.6)
    ? { does: 'collect-in-shards', shards: chance.between(1, profile.shards) }
    : { does };
}

function isDead({ spec: { jobId } }: Job, flink: Flink): boolean {
  return flink.jobs.every((job) => job.spec.jobId !== jobId || !job.isAlive);
}
