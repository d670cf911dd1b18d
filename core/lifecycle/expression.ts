/**
 * A value that a file of rules does not write out: `var.days` in Terraform, `{"Ref": "Days"}` in CloudFormation. It
 * stands in a lifecycle configuration in the place of the value.
 */
export class Expression {
  /**
   * @param text as people know it, and as Terraform can be given it again
   * @param source as JSON of the file has it, to be written back
   * @param value what it gives, where the file tells: the default of a parameter. Undefined: only applying it tells.
   */
  constructor(
    readonly text: string,
    readonly source: unknown = text,
    readonly value: unknown = undefined,
  ) {}

  toString(): string {
    return this.text;
  }

  toJSON(): unknown {
    return this.source;
  }
}

/** The expressions in a value, each with the path to it: `Filter.And.Prefix`. */
export function expressionsIn(
  value: unknown,
  path = '',
): readonly { readonly path: string; readonly expression: Expression }[] {
  if (value instanceof Expression) return [{ path, expression: value }];
  if (Array.isArray(value)) return value.flatMap((one, at) => expressionsIn(one, `${path}[${at}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) => expressionsIn(held, path === '' ? key : `${path}.${key}`));
}
