import type { ProtectPatterns } from '#config/glob.ts';
import { namesForPatterns, type Survey } from '#operations/look/survey.ts';

/**
 * The `protect` patterns that match no object. A survey asks about those objects only that nothing else keeps, so the
 * others are asked about here, until each pattern has matched or all objects were tried.
 */
export function idlePatterns(patterns: ProtectPatterns, { area, objects }: Survey): readonly string[] {
  for (let object = 0; object < objects.size && patterns.unused().length > 0; object++) {
    for (const name of namesForPatterns(area, objects, object)) {
      patterns.matches(name);
    }
  }
  return patterns.unused();
}
