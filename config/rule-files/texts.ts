import { isRecord } from '#core/lifecycle/document.ts';
import { Expression } from '#core/lifecycle/expression.ts';

/** All texts in a document, each behind the key that it is the value of: `state.checkpoints.dir: s3://my-bucket/flink`. */
export function textsIn(value: unknown, key = ''): readonly string[] {
  const found: string[] = [];
  collect(value, key, found);
  return found;
}

function collect(value: unknown, key: string, found: string[]): void {
  if (typeof value === 'string' || value instanceof Expression) {
    found.push(key === '' ? String(value) : `${key}: ${value}`);
  } else if (Array.isArray(value)) {
    for (const one of value) collect(one, key, found);
  } else if (isRecord(value)) {
    // A list of names and values, as Terraform and CloudFormation have for environments and properties.
    const name = value.name ?? value.Name ?? value.Key ?? value.PropertyKey;
    const of = value.value ?? value.Value ?? value.PropertyValue;
    if (typeof name === 'string' && of !== undefined) collect(of, name, found);
    for (const [inner, held] of Object.entries(value)) collect(held, inner, found);
  }
}

/** A value of a document as text. What has no text of its own is printed as JSON: parsed objects may have no prototype. */
export function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null && !(value instanceof Expression)
    ? JSON.stringify(value)
    : String(value);
}
