import type { AreaWriter } from '#ports/area-writer.ts';
import type { GuardedDeleter } from '#ports/guarded-deleter.ts';
import type { Reach } from './open-area.ts';

/** Write and delete access to a location. Only commands with `execute` open it; reading does not need it. */
export interface Access {
  readonly writer: AreaWriter;
  readonly deleter: GuardedDeleter;
}

/** Opens what writes and deletes in a location. Who may call it is a list in the house rules' test. */
export async function openAccess(reach: Reach): Promise<Access> {
  if (reach.kind === 'directory') {
    const [{ LocalWriter }, { LocalDeleter }] = await Promise.all([
      import('#adapters/local/local-writer.ts'),
      import('#adapters/local/local-deleter.ts'),
    ]);
    return { writer: new LocalWriter(reach.path), deleter: new LocalDeleter(reach.path) };
  }
  const [{ S3Writer }, { S3Deleter }] = await Promise.all([
    import('#adapters/s3/s3-writer.ts'),
    import('#adapters/s3/s3-deleter.ts'),
  ]);
  return { writer: new S3Writer(reach), deleter: new S3Deleter(reach) };
}
