import {
  type CfnEntry,
  type CfnTemplate,
  functionOf,
  isList,
  isObject,
  type Json,
  textOf,
} from '#infra/template/cfn.ts';

/** What CloudFormation makes of a template before it makes anything else: parameters and conditions are gone. */
export interface Resolved {
  readonly resources: Readonly<Record<string, Json>>;
  readonly outputs: Readonly<Record<string, Json>>;
}

/** @param given values of parameters, and of what AWS says itself as far as it is known. */
export function resolveTemplate(template: CfnTemplate, given: Readonly<Record<string, string>>): Resolved {
  const defaults = Object.entries((template.Parameters ?? {}) as Record<string, { Default?: string }>).flatMap(
    ([name, { Default }]) => (Default === undefined ? [] : [[name, Default] as const]),
  );
  const resolver = new Resolver(new Map([...defaults, ...Object.entries(given)]), template.Conditions as never);
  return { resources: resolver.entries(template.Resources), outputs: resolver.entries(template.Outputs) };
}

/** In place of what a condition leaves out. */
const NOTHING = Symbol('nothing');

class Resolver {
  readonly #given: ReadonlyMap<string, string>;
  readonly #conditions: Readonly<Record<string, Json>>;

  constructor(given: ReadonlyMap<string, string>, conditions: Readonly<Record<string, Json>> = {}) {
    this.#given = given;
    this.#conditions = conditions;
  }

  entries(entries: Readonly<Record<string, CfnEntry>>): Readonly<Record<string, Json>> {
    const there = Object.entries(entries).filter(
      ([, { Condition }]) => Condition === undefined || this.#holds(Condition),
    );
    const isThere = (id: Json): boolean => typeof id !== 'string' || there.some(([known]) => known === id);
    return Object.fromEntries(
      there.map(([id, { Condition: _, DependsOn, ...entry }]) => {
        const on = [DependsOn ?? []].flat().filter(isThere);
        const resolved = this.#value(entry as Json);
        return [id, { ...(resolved as object), ...(on.length === 0 ? {} : { DependsOn: on }) }];
      }),
    );
  }

  #holds(name: string): boolean {
    const expression = this.#conditions[name];
    if (expression === undefined) throw new Error(`There is no condition ${name}.`);
    return this.#isTrue(expression);
  }

  #isTrue(expression: Json): boolean {
    const called = functionOf(expression);
    const given = called !== null && isList(called.given) ? called.given : [];
    switch (called?.name) {
      case 'Fn::Not':
        return !this.#isTrue(given[0] ?? null);
      case 'Fn::Equals':
        return this.#value(given[0] ?? null) === this.#value(given[1] ?? null);
      default:
        throw new Error(`What is ${JSON.stringify(expression)}?`);
    }
  }

  #value(value: Json): Json {
    const resolved = this.#orNothing(value);
    if (resolved === NOTHING) throw new Error('Nothing stands where something must.');
    return resolved;
  }

  #orNothing(value: Json): Json | typeof NOTHING {
    if (isList(value)) return value.map((one) => this.#orNothing(one)).filter((one) => one !== NOTHING);
    const called = functionOf(value);
    if (called !== null) return this.#call(called.name, called.given);
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([key, one]) => [key, this.#orNothing(one)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== NOTHING));
  }

  #call(name: string, given: Json): Json | typeof NOTHING {
    const list = isList(given) ? given : [given];
    switch (name) {
      case 'Ref':
        return given === 'AWS::NoValue' ? NOTHING : (this.#given.get(String(given)) ?? { Ref: given });
      case 'Fn::If':
        return this.#orNothing((this.#holds(String(list[0])) ? list[1] : list[2]) ?? null);
      case 'Fn::Join': {
        const [between = '', parts = []] = list;
        const all = this.#value(parts) as readonly Json[];
        return textOf(all.flatMap((part, at) => (at === 0 ? [part] : [between, part])));
      }
      case 'Fn::Sub':
        return this.#sub(String(list[0]), list[1] ?? {});
      case 'Fn::Select':
        return this.#select(list);
      default:
        return { [name]: given };
    }
  }

  #sub(text: string, variables: Json): Json {
    const known = isObject(variables) ? variables : {};
    return textOf(
      text.split(/(\$\{[^}]+\})/).map((part) => {
        const [, bang, name = ''] = /^\$\{(!?)([^}]+)\}$/.exec(part) ?? [];
        if (name === '') return part;
        if (bang === '!') return `\${${name}}`;
        const variable = known[name];
        if (variable !== undefined) return this.#value(variable);
        const [id = '', ...attribute] = name.split('.');
        return this.#value(attribute.length === 0 ? { Ref: id } : { 'Fn::GetAtt': [id, attribute.join('.')] });
      }),
    );
  }

  #select([index, from]: readonly Json[]): Json {
    const called = functionOf(from ?? null);
    if (called?.name !== 'Fn::Split' || !isList(called.given)) throw new Error('Of what is it selected?');
    const [by, text] = called.given;
    const found = String(this.#value(text ?? '')).split(String(by))[Number(index)];
    if (found === undefined) throw new Error(`There is nothing at ${String(index)}: CloudFormation fails.`);
    return found;
  }
}
