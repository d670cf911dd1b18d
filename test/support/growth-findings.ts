import { DEFAULT_THRESHOLDS } from '#core/signals/alarms.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import { type Episode, replayJob } from '#core/signals/replay.ts';
import { BEGINNING, DAY, isLeak, LENGTH, ONSET, type Shape } from './growth-series.ts';

/** What an alarm made of one series. */
export interface Found {
  /** Whether it fired where nothing was wrong. */
  readonly isFalse: boolean;
  /** Days from the beginning of the leak to the alarm; null where there was none. */
  readonly delay: number | null;
}

export interface Findings {
  readonly budget: Found;
  readonly jump: Found;
  /** Whichever comes first. */
  readonly either: Found;
  readonly episodes: readonly Episode[];
}

/** The steward's alarms on one series, with the default thresholds and no configured budget. */
export function findInSeries(history: JobHistory, shape: Shape): Findings {
  const { episodes } = replayJob(
    { job: history.label, completions: history.completions, measures: history.measures, ends: [] },
    {
      thresholds: DEFAULT_THRESHOLDS,
      budgets: {},
      deadAfter: 14 * DAY,
      until: BEGINNING + LENGTH * DAY,
    },
  );
  const of = (...alarms: readonly Episode['alarm'][]): Found =>
    foundBy(
      episodes.filter(({ alarm }) => alarms.includes(alarm)),
      shape,
    );
  return { budget: of('budget'), jump: of('size-jump'), either: of('budget', 'size-jump'), episodes };
}

function foundBy(episodes: readonly Episode[], shape: Shape): Found {
  const days = episodes.map(({ fired }) => (fired - BEGINNING) / DAY);
  const after = isLeak(shape) ? days.filter((day) => day >= ONSET) : [];
  return {
    isFalse: after.length < days.length,
    delay: after.length === 0 ? null : Math.min(...after) - ONSET,
  };
}
