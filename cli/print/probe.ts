import type { StoreFindings } from '#steward/probe.ts';
import type { Io } from '../io.ts';
import { paragraph, table } from './text.ts';

/** Prints what stores honour, and what follows. */
export function printProbe(stores: readonly StoreFindings[], io: Io): string {
  return stores.map((store) => printStore(store, io)).join('\n');
}

function printStore(store: StoreFindings, io: Io): string {
  const heading = `${io.colors.bold(store.name)}\n`;
  switch (store.kind) {
    case 'directory':
      return (
        heading +
        paragraph(
          'This is a directory, so no probe is needed: the steward itself compares each file before it writes or deletes it.',
          io,
        )
      );
    case 'aws':
      return (
        heading +
        paragraph(
          'This is Amazon S3, which honours everything that the steward relies on. Nothing was written or deleted.',
          io,
        )
      );
    case 'unknown':
      return (
        heading +
        paragraph(store.note ?? '', io) +
        paragraph(
          'Until the store can be probed, each object is compared right before it is deleted, and nothing is retired.',
          io,
        )
      );
    case 'probed':
      return heading + printHonours(store, io) + printConsequences(store, io);
    default:
      return store.kind satisfies never;
  }
}

function printHonours({ found }: StoreFindings, io: Io): string {
  if (found === null) return '';
  const yes = (is: boolean): string => (is ? 'yes' : 'no');
  const skew = found.clockSkew;
  const rows = [
    ['If-None-Match of writes', found.putIfAbsent],
    ['If-Match of writes', found.putIfUnchanged],
    ['ETags of DeleteObjects', found.deleteTogether],
    ['If-Match of DeleteObject', found.deleteSingly],
    ['listings show at once what was written', yes(found.listingAfterWrite)],
    ['listings are in the order of keys', yes(found.listingOrder)],
    ['LIST, HEAD and GET give one ETag', yes(found.etagsAgree)],
    ['deleted objects can be brought back', found.versions === null ? 'unknown' : yes(found.versions)],
    ['its clock', skew === null ? 'unknown' : clockText(skew)],
  ];
  return table([{ head: `at ${found.endpoint}` }, { head: 'answer' }], rows, io);
}

function clockText(skew: number): string {
  if (Math.abs(skew) <= 1) return 'the same as here';
  return skew > 0 ? `${skew} s ahead` : `${-skew} s behind`;
}

function printConsequences({ consequences, remembered }: StoreFindings, io: Io): string {
  const { refusal, notes } = consequences;
  const sentences = [
    ...(refusal === null ? [] : [`Nothing is deleted here. ${refusal}`]),
    ...notes,
    ...(refusal === null && notes.length === 0 ? ['It supports everything that the steward relies on.'] : []),
    remembered
      ? 'The marker of this location keeps this result.'
      : 'No marker of this ledger is in this location yet, so the first run that deletes here probes again.',
  ];
  return sentences.map((sentence) => paragraph(sentence, io)).join('');
}
