import { type CfnEntry, type CfnTemplate, functionOf, isList, isObject, type Json, partsOf, textOf } from './cfn.ts';

/**
 * Puts the parameters of a template where it was synthesised with something that stands for them: a configuration is
 * validated at synthesis, so a parameter itself can't be in it. What stands for one may be a part of a text, and of a text
 * in JSON, since no parameter lets through what would have to be escaped there.
 */

/** By what stands for it, what comes in its place: a reference, or another text that CloudFormation makes. */
export type Placeholders = ReadonlyMap<string, Json>;

/** Something stands where CloudFormation takes nothing but literal text. */
export class PlaceholderError extends Error {
  override readonly name = 'PlaceholderError';
}

/** @throws PlaceholderError naming where a placeholder stands that can't be replaced. */
export function replacePlaceholders(template: CfnTemplate, placeholders: Placeholders): CfnTemplate {
  // The longest first: one may begin with another.
  const texts = [...placeholders.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(${texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`);
  const replacing = new Replacing(pattern, placeholders);
  return {
    ...replacing.requireNone(template, ['Resources', 'Outputs'], ''),
    Resources: replacing.entries(template.Resources, 'Properties', 'Resources'),
    Outputs: replacing.entries(template.Outputs, 'Value', 'Outputs'),
  };
}

class Replacing {
  readonly #pattern: RegExp;
  readonly #placeholders: Placeholders;

  constructor(pattern: RegExp, placeholders: Placeholders) {
    this.#pattern = pattern;
    this.#placeholders = placeholders;
  }

  /** Only the values below this key of each entry may be anything but literal. */
  entries(
    entries: Readonly<Record<string, CfnEntry>>,
    key: 'Properties' | 'Value',
    at: string,
  ): Readonly<Record<string, CfnEntry>> {
    return Object.fromEntries(
      Object.entries(entries).map(([id, entry]) => {
        this.#requireLiteral(id, at);
        const path = `${at}.${id}`;
        const { [key]: value, ...others } = this.requireNone(entry, [key], path);
        return [id, { ...others, ...(value === undefined ? {} : { [key]: this.#value(value, `${path}.${key}`) }) }];
      }),
    );
  }

  /** @param except keys that are looked at elsewhere. @throws PlaceholderError where another one has a placeholder. */
  requireNone<T extends object>(value: T, except: readonly string[], at: string): T {
    for (const [key, content] of Object.entries(value)) {
      if (!except.includes(key)) this.#requireLiteral(JSON.stringify({ [key]: content }), `${at}.${key}`);
    }
    return value;
  }

  #value(value: Json, at: string): Json {
    if (typeof value === 'string') return this.#text(value);
    if (isList(value)) return value.map((one, index) => this.#value(one, `${at}.${index}`));
    if (!isObject(value)) return value;
    const parts = partsOf(value);
    if (parts !== null) return textOf(parts.flatMap((part) => this.#parts(part, at)));
    const called = functionOf(value);
    if (called !== null && called.name !== 'Fn::Join') {
      // Its names must be literal.
      this.#requireLiteral(JSON.stringify(value), at);
      return value;
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, content]) => {
        this.#requireLiteral(key, at);
        return [key, this.#value(content, `${at}.${key}`)];
      }),
    );
  }

  #text(text: string): Json {
    return textOf(this.#parts(text, ''));
  }

  #parts(part: Json, at: string): readonly Json[] {
    if (typeof part !== 'string') return [this.#value(part, at)];
    return part
      .split(this.#pattern)
      .filter((piece) => piece !== '')
      .map((piece) => this.#placeholders.get(piece) ?? piece);
  }

  #requireLiteral(text: string, at: string): void {
    const [found] = this.#pattern.exec(text) ?? [];
    if (found !== undefined) {
      throw new PlaceholderError(
        `${at} has "${found}", which stands for a parameter, where CloudFormation takes literal text only. Nothing is written.`,
      );
    }
  }
}
