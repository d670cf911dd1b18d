import type { StoredCertificate } from '#operations/ledger/certificates.ts';
import type { RunRecord } from '#operations/ledger/run-records.ts';
import type { Finding } from './finding.ts';
import { pathFacts } from './path-facts.ts';
import type { LogLine } from './run-log.ts';

/** What can be said of a run that has no certificate. */

const LOG_ALONE = 'What its log says of each object was looked at, and nothing else is known.';

/** Why it has none, in a sentence; null where there is one that can't be read. */
export function whyNone(
  run: string,
  record: RunRecord | null,
  {
    stored,
    isUnlisted,
    hasActed,
  }: { readonly stored: StoredCertificate | null; readonly isUnlisted: boolean; readonly hasActed: boolean },
): string | null {
  if (isUnlisted) {
    return `The certificate of run ${run} does not count: the run could not add it to the ledger's list. ${LOG_ALONE}`;
  }
  if (stored !== null) return null;
  if (!hasActed) return `Run ${run} deleted nothing, so it needs no certificate.`;
  if (record === null || record.result === 'failed')
    return `Run ${run} ended before it wrote a certificate. ${LOG_ALONE}`;
  return record.certificate === null
    ? `Run ${run} has no certificate: it could not be written, or not be added to the ledger's list.`
    : `Run ${run} has no certificate: a version of the steward made it that wrote none.`;
}

/** What its log alone shows to be wrong. */
export function withoutCertificate(lines: readonly LogLine[]): readonly Finding[] {
  return lines.flatMap(({ url, rule, garbageSince }) => {
    const { name } = pathFacts(url);
    if (rule === 'retired' ? name !== '_metadata' : name === '_metadata') {
      return [{ rule: 'root', url, sentence: `${url} was deleted as ${rule}.` }];
    }
    return rule !== 'retired' && garbageSince === null
      ? [
          {
            rule: 'quarantine',
            url,
            sentence: `${url} was deleted, and the log does not say since when it was garbage.`,
          },
        ]
      : [];
  });
}
