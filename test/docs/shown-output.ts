/** Compares what a page says that a command prints with what it prints; an ellipsis on the page stands for anything. */

/** @returns lines of the page that are not there, or not in this order. */
export function missingLines(shown: readonly string[], out: string): readonly string[] {
  const missing: string[] = [];
  let rest: readonly string[] = out.split('\n');
  for (const line of shown.filter((one) => !/^\s*…?\s*$/.test(one))) {
    const pattern = wildcard(line.trimEnd());
    const found = rest.findIndex((real) => pattern.test(real.trimEnd()));
    if (found === -1) missing.push(line);
    else rest = rest.slice(found + 1);
  }
  return missing;
}

/** A document of JSON from which the page leaves out members: ` { "objects": 17, … }`. @throws where it is none */
export function abridgedDocument(shown: readonly string[]): unknown {
  const whole = shown.join(' ').replaceAll(/("(?:[^"\\]|\\.)*")|,?\s*…/g, (_, text: string | undefined) => text ?? '');
  return JSON.parse(whole);
}

/** @returns where the document lacks what the page shows of it, as paths. */
export function missingMembers(shown: unknown, real: unknown, path = ''): readonly string[] {
  if (typeof shown === 'string') {
    return typeof real === 'string' && wildcard(shown).test(real) ? [] : [`${path}: ${JSON.stringify(real)}`];
  }
  if (typeof shown !== 'object' || shown === null) {
    return shown === real ? [] : [`${path}: ${JSON.stringify(real)}`];
  }
  if (typeof real !== 'object' || real === null || Array.isArray(shown) !== Array.isArray(real)) {
    return [`${path}: ${JSON.stringify(real)}`];
  }
  return Object.entries(shown).flatMap(([key, value]) =>
    missingMembers(value, Reflect.get(real, key), `${path}/${key}`),
  );
}

function wildcard(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
