import { isRecord } from '#core/lifecycle/document.ts';
import { Expression } from '#core/lifecycle/expression.ts';
import { textOf } from './texts.ts';

/**
 * The intrinsic functions of CloudFormation, as far as a template alone tells what they give: parameters with a default,
 * mappings, texts made of them. Everything else becomes an expression, to be said.
 */

type Json = Readonly<Record<string, unknown>>;

/** A part of a template that is there only under conditions. */
export interface Conditional {
  readonly value: unknown;
  /** Names of conditions; `not NAME` where one must not hold. */
  readonly conditions: readonly string[];
}

/** What a template says of its values. */
export class Intrinsics {
  readonly #parameters: Json;
  readonly #mappings: Json;

  constructor(template: Json) {
    this.#parameters = isRecord(template.Parameters) ? template.Parameters : {};
    this.#mappings = isRecord(template.Mappings) ? template.Mappings : {};
  }

  /** The value with every intrinsic function in it replaced by an expression. What is `AWS::NoValue` is left out. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) {
      // Of what is chosen under a condition all branches may be there.
      return value.flatMap((one) => this.branches(one).map((branch) => this.resolve(branch.value)));
    }
    if (!isRecord(value)) return value;
    const called = calledFunction(value);
    if (called !== null) return this.#call(called.name, called.argument, value);
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, held]) => {
        const resolved = this.resolve(held);
        return resolved === undefined ? [] : [[key, resolved] as const];
      }),
    );
  }

  /** What stands there under each condition; without the branches that leave it out. */
  branches(value: unknown, conditions: readonly string[] = []): readonly Conditional[] {
    const choice = isRecord(value) ? value['Fn::If'] : undefined;
    if (Array.isArray(choice) && choice.length === 3) {
      const [name, then, otherwise]: readonly unknown[] = choice;
      return [
        ...this.branches(then, [...conditions, textOf(name)]),
        ...this.branches(otherwise, [...conditions, `not ${textOf(name)}`]),
      ];
    }
    return value === undefined || isNoValue(value) ? [] : [{ value, conditions }];
  }

  #call(name: string, argument: unknown, source: Json): unknown {
    switch (name) {
      case 'Ref':
        return isNoValue(source) ? undefined : this.#reference(textOf(argument), source);
      case 'Fn::Sub':
        return this.#substituted(argument, source);
      case 'Fn::Join':
        return this.#joined(argument, source);
      case 'Fn::If':
        return this.#chosen(argument, source);
      case 'Fn::FindInMap':
        return this.#mapped(argument, source);
      case 'Fn::GetAtt':
        return new Expression(
          `\${${Array.isArray(argument) ? argument.map(textOf).join('.') : textOf(argument)}}`,
          source,
        );
      default:
        return new Expression(`${name} ${JSON.stringify(argument)}`, source);
    }
  }

  #reference(name: string, source: unknown): Expression {
    const parameter = this.#parameters[name];
    const value = isRecord(parameter) ? parameter.Default : undefined;
    return new Expression(`\${${name}}`, source, isRecord(value) || Array.isArray(value) ? undefined : value);
  }

  #substituted(argument: unknown, source: Json): Expression {
    const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
    const own = isRecord(given) ? given : {};
    let isKnown = true;
    const parts = (which: 'text' | 'value'): string =>
      textOf(template).replaceAll(/\$\{([^!}][^}]*)\}/g, (whole: string, name: string) => {
        const part = Object.hasOwn(own, name) ? this.resolve(own[name]) : this.#reference(name.trim(), whole);
        if (!(part instanceof Expression)) return textOf(part);
        isKnown &&= part.value !== undefined;
        return which === 'text' ? part.text : textOf(part.value ?? part.text);
      });
    const text = parts('text');
    const value = parts('value');
    return new Expression(text, source, isKnown ? value : undefined);
  }

  #joined(argument: unknown, source: Json): Expression {
    const [separator, list] = Array.isArray(argument) ? argument : [];
    if (!Array.isArray(list)) return new Expression(`Fn::Join ${JSON.stringify(argument)}`, source);
    const parts = list.map((one) => this.resolve(one));
    const isKnown = parts.every((part) => !(part instanceof Expression) || part.value !== undefined);
    const text = parts.map(textOf).join(textOf(separator));
    const value = parts.map((part) => textOf(part instanceof Expression ? part.value : part)).join(textOf(separator));
    return new Expression(text, source, isKnown ? value : undefined);
  }

  /** Of values; where rules or whole configurations are chosen, see {@link branches}. */
  #chosen(argument: unknown, source: Json): unknown {
    const [name, ...choices] = Array.isArray(argument) ? argument : [];
    const [then, otherwise] = choices.map((choice) => this.resolve(choice));
    if (then !== undefined && JSON.stringify(then) === JSON.stringify(otherwise)) return then;
    return new Expression(`Fn::If ${textOf(name)}`, source);
  }

  #mapped(argument: unknown, source: Json): Expression {
    const keys = (Array.isArray(argument) ? argument : []).map((key) => this.resolve(key));
    const value = keys.reduce<unknown>(
      (held, key) => (isRecord(held) ? held[textOf(key instanceof Expression ? key.value : key)] : undefined),
      this.#mappings,
    );
    const text = `Fn::FindInMap ${keys.map(textOf).join('.')}`;
    return new Expression(text, source, typeof value === 'object' ? undefined : value);
  }
}

function calledFunction(value: Json): { readonly name: string; readonly argument: unknown } | null {
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  return others.length === 0 && (name === 'Ref' || name.startsWith('Fn::')) ? { name, argument } : null;
}

function isNoValue(value: unknown): boolean {
  return isRecord(value) && value.Ref === 'AWS::NoValue';
}
