import { isoTime } from '#core/iso-time.ts';
import { moment } from '#core/quantity.ts';
import { consequencesOf } from '#core/store-honours.ts';
import type { FoundMarker } from '#operations/ledger/marker.ts';
import { openProbe } from '../open-probe.ts';
import type { StoreFindings } from '../probe.ts';
import type { Examined } from './examined.ts';
import { type Finding, finding } from './finding.ts';

/**
 * What the store of a location honours, by the marker of the location. Nothing is probed. None for a directory, and for
 * Amazon S3, of which AWS documents it.
 */
export async function checkStore({ location, name }: Examined, own: FoundMarker | null): Promise<readonly Finding[]> {
  const endpoint = (await (await openProbe(location))?.endpoint()) ?? null;
  if (endpoint === null) return [];
  const known = own?.marker.store;
  if (known?.endpoint !== endpoint) {
    return [
      finding('store', name, 'warning', 'This is not Amazon S3, and it is not known yet what the store supports.', {
        advice: 'The first run that deletes probes the store. To probe it now, run the doctor with --write.',
        command: { words: ['doctor'], last: ['--write'] },
      }),
    ];
  }
  return [honoured(name, consequencesOf(known), `Probed on ${moment(isoTime(Date.parse(known.at)))}.`)];
}

/** What a probe has just found out. */
export function probedFinding({
  name,
  kind,
  consequences,
  note,
  found,
  remembered,
}: StoreFindings): readonly Finding[] {
  if (kind === 'directory' || kind === 'aws') return [];
  if (kind === 'unknown') {
    return [
      finding('store', name, 'warning', note ?? 'It could not be probed.', {
        advice: 'Until it can be probed, each object is compared right before it is deleted, and nothing is retired.',
      }),
    ];
  }
  const disagrees = found?.etagsAgree === false;
  const when = remembered
    ? 'Probed just now.'
    : 'Probed just now. The result was not kept, because no marker of this ledger is here yet.';
  const finished = honoured(name, consequences, when);
  return [disagrees ? { ...finished, state: 'wrong' } : finished];
}

function honoured(name: string, { refusal, notes }: StoreFindings['consequences'], when: string): Finding {
  if (refusal !== null) {
    return finding('store', name, 'wrong', `${when} ${[refusal, ...notes].join(' ')}`, {
      advice: 'Nothing is deleted or retired here. Upgrade the store, then probe it again.',
      command: { words: ['probe'] },
    });
  }
  return notes.length === 0
    ? finding('store', name, 'ok', `${when} It supports everything that the steward relies on.`)
    : finding('store', name, 'warning', `${when} ${notes.join(' ')}`);
}
