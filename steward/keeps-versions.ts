import type { Steward } from './steward.ts';

/**
 * Whether each location keeps what is deleted in it from now on, as a noncurrent version; null where it does not say.
 */
export async function keepVersions(
  { locations }: Pick<Steward, 'locations'>,
  signal?: AbortSignal,
): Promise<readonly (boolean | null)[]> {
  return await Promise.all(
    locations.map(async ({ facts }) => {
      const told = await facts?.versioning(signal === undefined ? {} : { signal });
      if (told === undefined) return false;
      return told.known ? told.value === 'Enabled' : null;
    }),
  );
}
