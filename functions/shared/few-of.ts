const MOST_SENTENCES = 10;

/** The first sentences, and the number of the others. */
export function fewOf(sentences: readonly string[], most: number = MOST_SENTENCES): string[] {
  return sentences.length <= most
    ? [...sentences]
    : [...sentences.slice(0, most - 1), `And ${sentences.length - most + 1} more.`];
}
