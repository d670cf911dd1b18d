import * as z from 'zod';
import { compareAreas, type NamedPlace } from '#core/area/compare-areas.ts';

/**
 * What an update would leave out of the area. Without `steward.json`, or in the wrong folder, synthesis goes on and makes a
 * bucket: the stack would look after that from then on, find nothing wrong with it, and be silent about the others.
 */

/** What a deployment says of its area: its locations, or, in version 0.1.0, the whole configuration. */
export interface SaidOfArea {
  readonly Area?: readonly string[] | undefined;
  readonly Configuration?: string | undefined;
}

/** Of the refusal, which people read in the console. */
const MOST_NAMED = 3;

/** `area` of a configuration of version 0.1.0, as far as it names buckets. */
const formerSchema = z.object({
  area: z
    .array(z.union([z.string(), z.object({ bucket: z.string() }).transform(({ bucket }) => bucket), z.unknown()]))
    .default([]),
});

/** The locations that are in the area before and in none of those after. */
export function droppedLocations(before: SaidOfArea, after: SaidOfArea): readonly string[] {
  const [former, next] = [areaOf(before), areaOf(after)];
  // A version that does not say it may come back when an update fails.
  if (former === null || former.length === 0 || next === null) return [];
  return compareAreas(former, next).leftOut.map(({ name }) => name);
}

/** Why an update that leaves these out is refused, and how to have it all the same. */
export function dropRefusal(dropped: readonly string[]): string {
  const more = dropped.length > MOST_NAMED ? ` and ${dropped.length - MOST_NAMED} more` : '';
  return `This update would leave out ${dropped.slice(0, MOST_NAMED).join(', ')}${more}, which this stack looks after: nobody would survey it any more, and no alarm would tell. So it fails, and nothing is changed. Deploy from the folder with the right steward.json; for another deployment beside this one, set another deploy.stackName. To leave it out all the same: npx cdk deploy -c drop-area=true; where the stack was made of the template with parameters, DropArea=true`;
}

/** Whether a bucket is among the locations, or a part of it. */
export function isInArea(bucket: string, said: SaidOfArea): boolean {
  return areaOf(said)?.some(({ url }) => url.startsWith(`s3://${bucket}/`)) ?? false;
}

function areaOf({ Area, Configuration }: SaidOfArea): readonly NamedPlace[] | null {
  const urls = Area ?? formerArea(Configuration);
  return urls?.map((name) => ({ name, url: `${name.replace(/\/+$/, '')}/`, path: null })) ?? null;
}

function formerArea(configuration: string | undefined): readonly string[] | null {
  if (configuration === undefined) return null;
  try {
    const { area } = formerSchema.parse(JSON.parse(configuration));
    return area.filter((one): one is string => typeof one === 'string' && one.startsWith('s3://'));
  } catch {
    return null;
  }
}
