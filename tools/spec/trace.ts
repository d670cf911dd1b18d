/** Traces as Quint writes them, in the Informal Trace Format: only what a story takes of them. */

/** One step of a trace. */
export interface Step {
  /** By the clock of the specification. */
  readonly at: number;
  /** Who did it: `Flink`, `people`, `steward 1` … */
  readonly who: string;
  /** Whether it matters only where something else happens before its run goes on. */
  readonly quiet: boolean;
  /** A sentence; empty where there is nothing to tell. */
  readonly says: string;
}

interface State {
  readonly world: { readonly now: { readonly '#bigint': string } };
  readonly told: { readonly who: string; readonly quiet: boolean; readonly says: readonly string[] };
}

/** @param text a file in the Informal Trace Format (ITF). */
export function stepsOf(text: string): readonly Step[] {
  const { states }: { readonly states: readonly State[] } = JSON.parse(text);
  return states.map(({ world, told: { who, quiet, says } }) => ({
    at: Number(world.now['#bigint']),
    who,
    quiet,
    says: says.join('').trim(),
  }));
}
