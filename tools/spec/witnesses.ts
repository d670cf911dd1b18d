/** What `spec/witnesses.qnt` says of itself. */

/** A story of a rule. */
export interface Witness {
  /** Its name in the specification. */
  readonly name: string;
  readonly rule: string;
  /** The rules that are taken out with the rule and without it, because they would keep the object as well. */
  readonly others: readonly string[];
  /** What it is about, in a sentence or two. */
  readonly about: string;
}

/** The witnesses of a module. @throws Error where one does not name exactly one rule, or has no sentence. */
export function witnessesIn(text: string): readonly Witness[] {
  const holding = playsIn(text, 'holds');
  const breaking = playsIn(text, 'breaks');
  return [...breaking].map(([name, off]) => {
    const others = holding.get(name) ?? [];
    const [rule, ...more] = off.filter((other) => !others.includes(other));
    const about = new RegExp(`/// (.+)\\n *run ${name}\\(`).exec(text)?.[1];
    if (rule === undefined || more.length > 0 || about === undefined || !holding.has(name)) {
      throw new Error(`The witness ${name} does not show one rule, with it and without it, and a sentence above.`);
    }
    return { name, rule, others, about };
  });
}

/** Which rules are taken out in each run of this end. */
function playsIn(text: string, end: 'holds' | 'breaks'): ReadonlyMap<string, readonly string[]> {
  const plays = text.matchAll(new RegExp(`run (\\w+)_${end} = (\\w+)\\(Set\\(([^)]*)\\)\\)`, 'g'));
  return new Map(
    [...plays]
      .filter(([, name, played]) => name === played)
      .map(([, name = '', , rules = '']) => [name, [...rules.matchAll(/"([^"]+)"/g)].map(([, rule = '']) => rule)]),
  );
}

/** The rules that a specification asks for, each with its first line, from 1. */
export function rulesIn(text: string): ReadonlyMap<string, number> {
  const rules = new Map<string, number>();
  for (const [place, line] of text.split('\n').entries()) {
    for (const [, rule = ''] of line.matchAll(/\bon\("([^"]+)"\)/g)) {
      if (!rules.has(rule)) rules.set(rule, place + 1);
    }
  }
  return rules;
}
