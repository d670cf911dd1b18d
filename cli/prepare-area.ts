import { loadConfig } from '#config/load-config.ts';
import type { AreaEntry } from '#config/steward-config.ts';
import type { AreaComparison } from '#core/area/compare-areas.ts';
import type { SurveyProgress } from '#steward/documents.ts';
import { Notes } from '#steward/notes.ts';
import { openSteward, type Steward } from '#steward/steward.ts';
import { entriesOf } from './area-entries.ts';
import type { AreaOptions } from './area-options.ts';
import { type ChosenLedger, chooseLedger } from './choose-ledger.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { keepHeapLeanest } from './lean-heap.ts';
import { type Output, refuseHarmfulOutputs, refuseTwins } from './local-places.ts';
import type { TypedArea } from './next-command.ts';
import { complain } from './print/complaint.ts';
import { ProgressLine } from './progress-line.ts';
import { compareWithConfigured } from './typed-part.ts';

/** The area of a command: opened, and with what the command line knows of it besides. */

export interface Preparing {
  readonly assumeQuarantined?: boolean | undefined;
  /** What the command is going to write, if it may. */
  readonly outputs?: readonly Output[];
  /** Whether the command's own document shows the notes: then they are not printed beside it. @default false */
  readonly showsNotes?: boolean;
}

/** The steward that the arguments and the configuration lead to, with what the command line knows besides. */
export interface PreparedArea {
  readonly steward: Steward;
  readonly entries: readonly AreaEntry[];
  readonly ledger: ChosenLedger | null;
  readonly typed: TypedArea;
  /** How what was typed lies to the configured area; null where only one of them is there. */
  readonly beside: AreaComparison | null;
  /** Null where nobody watches. */
  readonly progress: ProgressLine | null;
  /** To be called when the survey has ended, however it has. */
  readonly endProgress: () => void;
}

/** Opens the area that the arguments, or else the configuration, name. */
export async function prepareArea(
  places: readonly string[],
  options: AreaOptions,
  io: Io,
  { assumeQuarantined = false, outputs = [], showsNotes = false }: Preparing = {},
): Promise<PreparedArea> {
  const config = await loadConfig(options.config, io.cwd);
  const now = options.now?.getTime();
  const notes = new Notes(showsNotes ? undefined : (sentence) => complain(`Note: ${sentence}`, io));
  const entries = entriesOf(places, options, config, io.cwd);
  const bucket = entries.find(({ kind }) => kind === 's3');
  if (bucket?.kind === 's3' && now !== undefined) {
    throw new UsageError(`--now sets the clock of local directories, and ${bucket.url} has a clock of its own.`);
  }
  if (now !== undefined && config.flinkRest.length > 0) {
    notes.add(
      '--now sets the clock of a copy, but the clusters of flinkRest are asked which jobs run today; what runs counts as running in the copy too.',
    );
  }
  await refuseTwins(entries, io.cwd);
  await refuseHarmfulOutputs(outputs, entries, io.cwd);
  const ledger = chooseLedger(options, places.length === 0 ? config.ledger : undefined, entries, io.cwd);
  const opened = await openSteward({
    config,
    entries,
    ledger: ledger?.place ?? null,
    cwd: io.cwd,
    clock: io.clock,
    ...(now === undefined ? {} : { areaClock: () => now }),
    connection: options,
    notes,
    signal: io.signal,
  });
  const beside = await compareWithConfigured(places, entries, config, io.cwd);
  const progress = io.redraws === true && options.json !== true ? new ProgressLine(io) : null;
  const input = {
    ...opened.input,
    assumeQuarantined,
    onProgress: (far: SurveyProgress) => {
      keepHeapLeanest(far);
      progress?.show(far);
    },
  };
  const endProgress = (): void => progress?.erase();
  return { steward: { ...opened, input }, entries, ledger, typed: { places, options }, beside, progress, endProgress };
}
