import { namesForPatterns, type Survey } from '#operations/look/survey.ts';
import type { Steward } from './steward.ts';

/**
 * A note for each `protect` pattern that matches no object: a typing error there is the one mistake by which people lose
 * what no rule about Flink's files covers. An empty area says nothing about patterns.
 *
 * A survey asks about those objects only that nothing else keeps, so the others are asked about here, until each pattern
 * has matched or all objects were tried.
 */
export function noteUnmatchedPatterns({ patterns, notes }: Steward, { area, objects }: Survey): void {
  for (let object = 0; object < objects.size && patterns.unused().length > 0; object++) {
    for (const name of namesForPatterns(area, objects, object)) {
      patterns.matches(name);
    }
  }
  if (objects.size > 0) {
    notes.add(
      ...patterns
        .unused()
        .map(
          (pattern) =>
            `protect: ${JSON.stringify(pattern)} matches nothing here; if it was to keep something, check how it is written.`,
        ),
    );
  }
}
