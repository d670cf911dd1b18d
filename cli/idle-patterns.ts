import type { ProtectPatterns } from '#config/glob.ts';
import type { Survey } from '#operations/survey.ts';

/**
 * The `protect` patterns that match no object. A survey asks about those objects only that nothing else keeps, so the
 * others are asked about here, until each pattern has matched or all objects were tried.
 */
export function idlePatterns(patterns: ProtectPatterns, { area, objects }: Survey): readonly string[] {
  for (let object = 0; object < objects.size && patterns.unused().length > 0; object++) {
    const key = objects.key(object);
    for (const name of [key, area.storeKey(objects.location(object), key)]) {
      patterns.matches(name);
      patterns.matches(`/${name}`);
    }
  }
  return patterns.unused();
}
