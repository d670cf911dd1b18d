import { type Look, look } from '#steward/look.ts';
import type { Steward } from '#steward/steward.ts';
import type { AreaOptions } from './area-options.ts';
import type { Io } from './io.ts';
import { noteLeftOut } from './part-of-area.ts';
import { type PreparedArea, type Preparing, prepareArea } from './prepare-area.ts';

/** Surveys and judges an area for commands that change nothing. */

export interface JudgedArea extends Look {
  readonly steward: Steward;
}

/** Surveys and judges the area in the arguments, or else in the configuration. Changes nothing, not even the ledger. */
export async function judgeArea(
  places: readonly string[],
  options: AreaOptions,
  io: Io,
  preparing: Preparing = {},
): Promise<JudgedArea> {
  return await judgePrepared(await prepareArea(places, options, io, preparing));
}

/** As {@link judgeArea}, for an area that is already open. */
export async function judgePrepared(prepared: PreparedArea): Promise<JudgedArea> {
  const { steward, endProgress } = prepared;
  noteLeftOut(prepared);
  return { ...(await look(steward).finally(endProgress)), steward };
}
