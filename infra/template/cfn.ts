/** Templates of CloudFormation as JSON. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface CfnEntry {
  readonly Condition?: string;
  readonly [section: string]: Json | undefined;
}

export interface CfnTemplate {
  readonly Resources: Readonly<Record<string, CfnEntry>>;
  readonly Outputs: Readonly<Record<string, CfnEntry>>;
  readonly [section: string]: Json | Readonly<Record<string, CfnEntry>>;
}

export const NO_VALUE: Json = { Ref: 'AWS::NoValue' };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A function of CloudFormation, such as `Ref`, with what it is given; null where a value is none. */
export function functionOf(value: Json): { readonly name: string; readonly given: Json } | null {
  if (!isObject(value)) return null;
  const [[name, given] = ['', null], ...others] = Object.entries(value);
  return others.length === 0 && (name === 'Ref' || name.startsWith('Fn::')) ? { name, given } : null;
}

/** The parts of a text that is put together without anything between them; null where a value is no such text. */
export function partsOf(value: Json): readonly Json[] | null {
  const called = functionOf(value);
  if (called?.name !== 'Fn::Join' || !isList(called.given)) return null;
  const [between, parts] = called.given;
  return between === '' && isList(parts) ? parts : null;
}

/** These parts as one text: what is such a text itself, and neighbouring literal parts, as parts of it. */
export function textOf(parts: readonly Json[]): Json {
  const merged: Json[] = [];
  for (const part of parts.flatMap((one) => partsOf(one) ?? [one]).filter((one) => one !== '')) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  const [only = '', ...others] = merged;
  return others.length === 0 ? only : { 'Fn::Join': ['', merged] };
}
