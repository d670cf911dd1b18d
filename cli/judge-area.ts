import { type Look, look } from '#steward/look.ts';
import type { Steward } from '#steward/steward.ts';
import type { AreaOptions } from './area-options.ts';
import type { Io } from './io.ts';
import { type PreparedArea, type Preparing, prepareArea } from './prepare-area.ts';
import { noteLeftOut } from './typed-part.ts';

/** Surveys and judges an area for commands that only look. */

export interface JudgedArea extends Look {
  readonly steward: Steward;
}

/** Surveys and judges the area that the arguments, or else the configuration, name. Changes nothing, nor the ledger. */
export async function judgeArea(
  places: readonly string[],
  options: AreaOptions,
  io: Io,
  preparing: Preparing = {},
): Promise<JudgedArea> {
  return await judgePrepared(await prepareArea(places, options, io, preparing));
}

/** As {@link judgeArea}, of an area that is opened. */
export async function judgePrepared(prepared: PreparedArea): Promise<JudgedArea> {
  const { steward, endProgress } = prepared;
  noteLeftOut(prepared);
  return { ...(await look(steward).finally(endProgress)), steward };
}
