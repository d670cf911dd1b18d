import type { Look } from '#steward/look.ts';
import type { StatesOptions } from '#steward/states.ts';
import type { Steward } from '#steward/steward.ts';
import type { AreaOptions } from './area-options.ts';
import { refuseEmptiness } from './empty-area.ts';
import type { Io } from './io.ts';
import { judgePrepared } from './judge-area.ts';
import { prepareArea } from './prepare-area.ts';
import { sayPlan } from './print/states.ts';
import { remark } from './print/stderr.ts';

/** The options of a command that reads the ends of state files. */
export interface StateFilesOptions extends AreaOptions {
  readonly job?: string;
}

/** Reads state files of the jobs of an area: says before it begins what that costs, and then how far it has come. */
export async function readStateFiles<T>(
  places: string[],
  options: StateFilesOptions,
  io: Io,
  read: (steward: Steward, judged: Look, how: StatesOptions) => Promise<T>,
): Promise<T> {
  const prepared = await prepareArea(places, options, io);
  const { steward, progress, endProgress } = prepared;
  const judged = await judgePrepared(prepared);
  refuseEmptiness(judged.survey);
  return await read(steward, judged, {
    job: options.job ?? null,
    onPlanned: (plan) => {
      if (plan.requests > 0) remark(sayPlan(plan), io);
    },
    onRead: (files, all) => progress?.showStateFiles(files, all),
    signal: io.signal,
  }).finally(endProgress);
}
