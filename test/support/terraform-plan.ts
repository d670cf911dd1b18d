/** Plans as `terraform show -json` prints them, of resources that are to be made. */

export interface SampleResource {
  readonly address: string;
  readonly values: object;
  /** As `after_unknown` of the change. */
  readonly unknown?: object;
  /** As the configuration has them. Absent: the resource has none there. */
  readonly expressions?: object;
}

export interface SamplePlan {
  readonly resources: readonly SampleResource[];
  /** As the configuration has calls of modules. */
  readonly calls?: object;
}

/** Of the root module and, by their addresses, of modules in it. */
export function terraformPlan({ resources, calls = {} }: SamplePlan): object {
  const inRoot = resources.filter(({ address }) => !address.startsWith('module.'));
  const modules = new Set(
    resources.flatMap(({ address }) => /^(module\.\w+(?:\[[^\]]*\])?)\./.exec(address)?.[1] ?? []),
  );
  const children = [...modules].map((address) => ({
    address,
    resources: resources.filter((resource) => resource.address.startsWith(`${address}.`)).map(planned),
  }));
  return {
    format_version: '1.2',
    terraform_version: '1.9.5',
    planned_values: { root_module: { resources: inRoot.map(planned), child_modules: children } },
    resource_changes: resources.map(({ address, unknown = {} }) => ({
      address,
      change: { actions: ['create'], after_unknown: unknown },
    })),
    configuration: {
      root_module: { resources: inRoot.flatMap(configuredResource), module_calls: calls },
    },
  };
}

/** As the configuration of a module has them. */
export function configuredResource({ address, expressions }: SampleResource): readonly object[] {
  const { type, name } = partsOf(address);
  return expressions === undefined ? [] : [{ mode: 'managed', type, name, expressions }];
}

function planned({ address, values }: SampleResource): object {
  return { address, mode: 'managed', ...partsOf(address), values };
}

function partsOf(address: string): { readonly type: string; readonly name: string; readonly index?: string | number } {
  const [, type = '', name = '', index] = /(?:^|\.)(\w+)\.([\w-]+)(?:\[("[^"]*"|\d+)\])?$/.exec(address) ?? [];
  return { type, name, ...(index === undefined ? {} : { index: JSON.parse(index) }) };
}
