import { functionOf, isList, isObject, type Json, partsOf } from './cfn.ts';

/** Texts that name resources as people write them, `arn:${AWS::Partition}:s3:::${Bucket}/*`: whoever deploys reads them first. */
export function readable(value: Json): Json {
  if (isList(value)) return value.map(readable);
  if (!isObject(value)) return value;
  const parts = partsOf(value);
  // What a choice adds to a text is read where it stands.
  if (parts !== null && !parts.some((part) => functionOf(part)?.name === 'Fn::If')) return named(parts);
  return Object.fromEntries(Object.entries(value).map(([key, content]) => [key, readable(content)]));
}

function named(parts: readonly Json[]): Json {
  const variables: Record<string, Json> = {};
  const text = parts.map((part) => {
    if (typeof part === 'string') return part.replaceAll('${', '${!');
    const known = nameOf(part);
    if (known !== null) return `\${${known}}`;
    const name = `Part${Object.keys(variables).length + 1}`;
    variables[name] = readable(part);
    return `\${${name}}`;
  });
  return { 'Fn::Sub': Object.keys(variables).length === 0 ? text.join('') : [text.join(''), variables] };
}

/** What a reference is called in `Fn::Sub`; null of another function. */
function nameOf(part: Json): string | null {
  const called = functionOf(part);
  if (called?.name === 'Ref' && typeof called.given === 'string') return called.given;
  return called?.name === 'Fn::GetAtt' && isList(called.given) ? called.given.join('.') : null;
}
