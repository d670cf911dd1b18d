import type { FunctionName } from '#functions/shared/function-names.ts';

const acting: FunctionName[] = [];

/** Which function is at work in this process; null where none is, or several are. */
export function actingFunction(): FunctionName | null {
  const [one = null, ...others] = new Set(acting);
  return others.length === 0 ? one : null;
}

/** What an action does is done by a function. */
export async function asFunction<T>(name: FunctionName, action: () => Promise<T>): Promise<T> {
  acting.push(name);
  try {
    return await action();
  } finally {
    acting.splice(acting.indexOf(name), 1);
  }
}
