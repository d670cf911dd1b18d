import { namesForPatterns, type Survey } from '#operations/look/survey.ts';
import type { Steward } from './steward.ts';

/**
 * Adds a note for each `protect` pattern that matches no object. A typing error in a pattern is the one mistake by which
 * files are deleted that no other rule protects. In an empty area no pattern can match, so nothing is noted.
 *
 * A survey matches only objects that no other rule keeps. So the other objects are matched here, until each pattern has
 * matched or all objects were tried.
 */
export function noteUnmatchedPatterns(steward: Steward, { area, objects }: Survey): void {
  const { patterns } = steward;
  for (let object = 0; object < objects.size && patterns.unused().length > 0; object++) {
    for (const name of namesForPatterns(area, { location: objects.location(object), key: objects.key(object) })) {
      patterns.matches(name);
    }
  }
  if (objects.size > 0) noteUnused(steward);
}

/** The notes on patterns that have matched nothing. */
export function noteUnused({ patterns, notes }: Steward): void {
  notes.add(
    ...patterns
      .unused()
      .map(
        (pattern) =>
          `protect: ${JSON.stringify(pattern)} matches no object in the area. If it should protect something, check its spelling.`,
      ),
  );
}
