import { isRecord } from '#core/lifecycle/document.ts';
import { Expression } from '#core/lifecycle/expression.ts';
import { textOf } from './texts.ts';

/** The resources of a plan of Terraform (documentation of Terraform, "JSON Output Format"), modules and all. */

type Json = Readonly<Record<string, unknown>>;

/** A resource that will be there once the plan is applied. */
export interface PlannedResource {
  readonly address: string;
  /** Of the module that it is in: `module.state["a"]`. Empty for the root. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
  /** Of `count` or `for_each`. */
  readonly index: string | number | null;
  /** With an expression in the place of each value that is known only after apply. */
  readonly values: Json;
  /** As the configuration has them, with constants and references. Null where the file has no configuration. */
  readonly expressions: Json | null;
}

/** Of all modules, in the order of the file. Data sources are left out: nothing is made of them. */
export function plannedResources(plan: Json): readonly PlannedResource[] {
  const unknown = new Map(
    listIn(plan.resource_changes).map(({ address, change }) => [
      textOf(address),
      isRecord(change) ? change.after_unknown : undefined,
    ]),
  );
  const root = isRecord(plan.planned_values) ? plan.planned_values.root_module : recordIn(plan.values).root_module;
  return resourcesOf(recordIn(root), configuredModule(plan), unknown);
}

/** The configuration of the root module; null where the file has none. */
export function configuredModule({ configuration }: Json): Json | null {
  const { root_module: root } = recordIn(configuration);
  return isRecord(root) ? root : null;
}

/** The configuration of the module that a call leads to; null where it is not there. */
export function calledModule(module: Json | null, call: string): Json | null {
  const called = recordIn(recordIn(module?.module_calls)[call]).module;
  return isRecord(called) ? called : null;
}

function resourcesOf(
  module: Json,
  configuration: Json | null,
  unknown: ReadonlyMap<string, unknown>,
): readonly PlannedResource[] {
  const address = typeof module.address === 'string' ? module.address : '';
  const own = listIn(module.resources).flatMap((resource): readonly PlannedResource[] => {
    if (resource.mode === 'data') return [];
    const expressions = expressionsOf(configuration, resource);
    const known = recordIn(resource.values);
    return [
      {
        address: textOf(resource.address),
        module: address,
        type: textOf(resource.type),
        name: textOf(resource.name),
        index: typeof resource.index === 'number' || typeof resource.index === 'string' ? resource.index : null,
        values: recordIn(withUnknown(known, unknown.get(textOf(resource.address)), expressions)),
        expressions,
      },
    ];
  });
  const inner = listIn(module.child_modules).flatMap((child) =>
    resourcesOf(child, calledModule(configuration, lastCall(textOf(child.address))), unknown),
  );
  return [...own, ...inner];
}

/** `module.a["x.y"].module.b[0]` → `b` */
function lastCall(address: string): string {
  return (
    address
      .replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '')
      .split('.')
      .at(-1) ?? ''
  );
}

function expressionsOf(configuration: Json | null, resource: Json): Json | null {
  const configured = listIn(configuration?.resources).find(
    ({ mode, type, name }) => mode !== 'data' && type === resource.type && name === resource.name,
  );
  return configured === undefined ? null : recordIn(configured.expressions);
}

/** `after_unknown` has the shape of the values, and true where nothing is known. */
function withUnknown(value: unknown, unknown: unknown, expression: unknown): unknown {
  if (unknown === true) return new Expression(referenceIn(expression) ?? 'known after apply');
  if (Array.isArray(unknown)) {
    const values = Array.isArray(value) ? value : [];
    const { length } = values.length > unknown.length ? values : unknown;
    return Array.from({ length }, (_, at) => withUnknown(values[at], unknown[at], elementOf(expression, at)));
  }
  if (!isRecord(unknown)) return value;
  const merged = isRecord(value) ? { ...value } : {};
  for (const [key, inner] of Object.entries(unknown)) {
    const below = withUnknown(merged[key], inner, recordIn(expression)[key]);
    if (below !== undefined) merged[key] = below;
  }
  return merged;
}

/** Of a block that stands once, or several times. */
function elementOf(expression: unknown, at: number): unknown {
  return Array.isArray(expression) ? expression[at] : undefined;
}

/** What an expression refers to, if it is one thing: then it can be written in its place. */
function referenceIn(expression: unknown): string | null {
  const [first] = referencesIn(expression);
  return first ?? null;
}

/** What an expression refers to, the longest first: `aws_s3_bucket.state.id`, `aws_s3_bucket.state`. */
export function referencesIn(expression: unknown): readonly string[] {
  const { references } = recordIn(expression);
  return Array.isArray(references) ? references.map(textOf) : [];
}

/** A record, or an empty one in place of anything else. */
export function recordIn(value: unknown): Json {
  return isRecord(value) ? value : {};
}

/** The records of a list; none of anything else. */
export function listIn(value: unknown): readonly Json[] {
  return (Array.isArray(value) ? value : []).filter(isRecord);
}
