import { bytes, duration } from '../quantity.ts';
import type { GrownState, Growth, StateName } from './grown-states.ts';
import type { RowKind } from './state-table.ts';

/** What has grown in a job, in words for somebody who knows the job from nothing else. */

/** What kinds of state are called that have no name of their own. */
const KINDS: Readonly<Record<Exclude<RowKind, 'state' | 'timers'>, string>> = {
  database: 'Files of the database',
  undivided: 'Keyed state (which states is not known)',
  unread: 'Keyed state (files not read)',
  operator: 'Operator state',
  channel: 'In-flight data',
  'heap-timers': 'Timers on the heap',
  changelog: 'Changelog',
  coordinator: 'Coordinator state',
};

/** Where a difference begins that is worth a number. */
const SAME = 0.1;

/** A checkpoint that is larger than the look by more than this has grown by something that the look did not see. */
const UNEXPLAINED = 1.2;

/** What has grown, for a message: a heading, and a line for each state. */
export interface GrowthWords {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** A checkpoint of a later time than the look. */
export interface LaterSize {
  /** Epoch milliseconds. */
  readonly completed: number;
  readonly bytes: number;
}

/**
 * @param now epoch milliseconds.
 * @param newest the newest checkpoint of the job; null where it is not known.
 * @returns null where no state explains anything.
 */
export function sayGrowth(growth: Growth, now: number, newest: LaterSize | null): GrowthWords | null {
  const { at, since, states, bytes: looked } = growth;
  if (states.length === 0) return null;
  const isStale = newest !== null && newest.completed > at && newest.bytes > looked * UNEXPLAINED;
  const what = since === null ? 'Largest states' : 'States that grew most';
  return {
    heading: `${what}, as of ${duration(Math.max(0, now - at))} ago`,
    lines: [
      ...states.map((state) => sayGrown(state, growth)),
      ...(isStale
        ? [
            `The newest checkpoint has ${bytes(newest.bytes)}, and had ${bytes(looked)} then: what grew since is not in this.`,
          ]
        : []),
    ],
  };
}

/** What grew, by how much, and whether by more entries or by larger values. */
function sayGrown(state: GrownState, { at, since }: Growth): string {
  const { bytes: size, more, share, hasTtl, entries, valueBytes } = state;
  const grown = more === null || since === null ? '' : `+${bytes(more)} in ${duration(at - since)}, now `;
  const ttl = hasTtl === null ? [] : [hasTtl ? 'has a TTL' : 'no TTL'];
  const change = [
    ...(entries === null ? [] : [`entries ${signedPercent(entries - 1)}`]),
    ...(valueBytes === null ? [] : [`value size ${sayRatio(valueBytes)}`]),
  ];
  const much = `${grown}${bytes(size)}, ${Math.round(share * 100)} % of the job's state`;
  return `${nameState(state)}: ${[much, ...ttl, ...(change.length === 0 ? [] : [change.join(', ')])].join('; ')}`;
}

/** Without its operator: `payload`, `timers user-timers`. */
export function nameAlone({ kind, state }: Pick<StateName, 'kind' | 'state'>): string {
  if (kind === 'timers') return `timers ${(state ?? '').replace(TIMERS, '')}`;
  return kind === 'state' ? (state ?? '') : KINDS[kind];
}

/** `payload of dedupe`. */
export function nameState(name: Pick<StateName, 'operator' | 'kind' | 'state'>): string {
  return `${nameAlone(name)} of ${name.operator}`;
}

const TIMERS = /^_timer_state\//;

function signedPercent(change: number): string {
  const percent = Math.round(change * 100);
  return `${percent < 0 ? '-' : '+'}${Math.abs(percent)} %`;
}

function sayRatio(ratio: number): string {
  return Math.abs(ratio - 1) < SAME ? 'unchanged' : `×${ratio.toFixed(1)}`;
}
