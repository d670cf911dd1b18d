import { readFileSync } from 'node:fs';
import type { StewardJson } from '#infra/index.ts';

/** Stacks as version 0.1.0 deployed them: test/fixtures/stack-0.1.0. */

export interface DeployedResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface DeployedStack {
  /** The `steward.json` that it was deployed with. */
  readonly configuration: StewardJson;
  readonly Resources: Readonly<Record<string, DeployedResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** `owned` made a bucket and tells Slack; `adopted` has two of others; `network` holds nothing but a security group. */
export function stackOf010(name: 'owned' | 'adopted' | 'network'): DeployedStack {
  return JSON.parse(readFileSync(new URL(`../fixtures/stack-0.1.0/${name}.json`, import.meta.url), 'utf8'));
}
