import { Expression } from '#core/lifecycle/expression.ts';
import { calledModule, configuredModule, type PlannedResource, recordIn, referencesIn } from './terraform-values.ts';

type Json = Readonly<Record<string, unknown>>;

/** A bucket that another resource names. */
export interface ReferredBucket {
  /** Null where the plan does not contain it. */
  readonly resource: PlannedResource | null;
  readonly name: string | Expression | null;
  /** As the configuration names it; null where its name stands there. */
  readonly reference: string | null;
}

interface Start {
  readonly module: string;
  readonly index: PlannedResource['index'];
}

/**
 * Finds the bucket that a resource of a plan is about. Its name is often known only after apply, even where the plan makes the
 * bucket; then the configuration tells which bucket it is, through variables and outputs of modules.
 */
export class BucketReferences {
  readonly #root: Json | null;
  readonly #buckets: readonly PlannedResource[];

  constructor(plan: Json, resources: readonly PlannedResource[]) {
    this.#root = configuredModule(plan);
    this.#buckets = resources.filter(({ type }) => type === 'aws_s3_bucket');
  }

  bucketOf({ values, expressions, module, index }: PlannedResource): ReferredBucket {
    const references = referencesIn(expressions?.bucket);
    const [reference = null] = references;
    const named = typeof values.bucket === 'string' ? values.bucket : null;
    const resource = this.#buckets.find(({ values: { bucket } }) => named !== null && bucket === named);
    const found = resource ?? this.#followAny(references, { module, index });
    if (typeof found === 'object' && found !== null)
      return { resource: found, name: named ?? this.nameOf(found), reference };
    return { resource: null, name: named ?? found ?? new Expression(reference ?? 'known after apply'), reference };
  }

  nameOf({ values, address }: PlannedResource): string | Expression {
    return typeof values.bucket === 'string' && values.bucket !== '' ? values.bucket : new Expression(`${address}.id`);
  }

  /** A bucket, or the name of one; null where the references lead to neither. */
  #followAny(references: readonly string[], start: Start, depth = 0): PlannedResource | string | null {
    // A configuration that Terraform accepts has no circles; a document that somebody wrote may.
    if (depth > 20) return null;
    for (const reference of references) {
      const found = this.#follow(reference, start, depth);
      if (found !== null) return found;
    }
    return null;
  }

  #follow(reference: string, start: Start, depth: number): PlannedResource | string | null {
    const [, bucket, ofIndex] = /^aws_s3_bucket\.([\w-]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?/.exec(reference) ?? [];
    if (bucket !== undefined) return this.#bucketNamed(bucket, ofIndex, start);
    const [, call, callIndex = '', output] = /^module\.([\w-]+)(\[[^\]]*\])?\.([\w-]+)/.exec(reference) ?? [];
    if (call !== undefined && output !== undefined) {
      const called = calledModule(this.#moduleAt(start.module), call);
      const { expression } = recordIn(recordIn(called?.outputs)[output]);
      const module = `${start.module === '' ? '' : `${start.module}.`}module.${call}${callIndex}`;
      return this.#followAny(referencesIn(expression), { module, index: null }, depth + 1);
    }
    const [, variable] = /^var\.([\w-]+)/.exec(reference) ?? [];
    return variable === undefined ? null : this.#variable(variable, start, depth);
  }

  #variable(variable: string, { module }: Start, depth: number): PlannedResource | string | null {
    const call = lastCall(module);
    if (call === null) return null;
    const configured = recordIn(recordIn(this.#moduleAt(call.parent)?.module_calls)[call.name]);
    const given = recordIn(configured.expressions)[variable];
    const { constant_value: constant } = recordIn(given);
    if (typeof constant === 'string') return constant;
    return this.#followAny(referencesIn(given), { module: call.parent, index: call.index }, depth + 1);
  }

  #bucketNamed(name: string, written: string | undefined, { module, index }: Start): PlannedResource | null {
    const candidates = this.#buckets.filter((each) => each.name === name && isWithin(each.module, module));
    const wanted = written === undefined ? index : JSON.parse(written);
    return (
      candidates.find((each) => each.index === wanted) ?? (candidates.length === 1 ? candidates[0] : undefined) ?? null
    );
  }

  #moduleAt(address: string): Json | null {
    return callsIn(address).reduce<Json | null>((module, { name }) => calledModule(module, name), this.#root);
  }
}

interface Call {
  readonly name: string;
  readonly index: string | number | null;
  /** The address of the module that calls. */
  readonly parent: string;
}

/** `module.a["x"].module.b` → a, b */
function callsIn(address: string): readonly Call[] {
  return [...address.matchAll(/(?:^|\.)module\.([\w-]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?/g)].map((match) => ({
    name: match[1] ?? '',
    index: match[2] === undefined ? null : (JSON.parse(match[2]) as string | number),
    parent: address.slice(0, match.index),
  }));
}

function lastCall(address: string): Call | null {
  return callsIn(address).at(-1) ?? null;
}

/** Whether it is the same module, whichever of several that a call has made where the reference does not say which. */
function isWithin(module: string, wanted: string): boolean {
  return module === wanted || (module.startsWith(`${wanted}[`) && callsIn(module).length === callsIn(wanted).length);
}
