/** What cfn-lint finds in a template. */
export interface Finding {
  readonly rule: string;
  /** The name of the sample. */
  readonly sample: string;
  /** The path in the template with `/`, or the line where cfn-lint names none. */
  readonly at: string;
  readonly message: string;
}

/** Findings that are none. All of `rule`, `at` and `message` must fit. */
export interface PassedOver {
  readonly rule: string;
  readonly at: RegExp;
  readonly message: RegExp;
  /** A clause, without a full stop. */
  readonly reason: string;
}

interface Printed {
  readonly Filename: string;
  readonly Location: {
    readonly Path: readonly (string | number)[] | null;
    readonly Start: { readonly LineNumber: number };
  };
  readonly Message: string;
  readonly Rule: { readonly Id: string };
}

/** @param samples the names of the samples by the paths of their templates */
export function readFindings(printed: string, samples: ReadonlyMap<string, string>): readonly Finding[] {
  return (JSON.parse(printed) as readonly Printed[]).map(({ Filename, Location, Message, Rule }) => ({
    rule: Rule.Id,
    sample: samples.get(Filename) ?? Filename,
    at: Location.Path?.join('/') ?? `line ${Location.Start.LineNumber}`,
    message: Message,
  }));
}

/** @returns a sentence for each finding that nothing passes over, and for each reason that no finding needs. */
export function complaints(findings: readonly Finding[], passedOver: readonly PassedOver[]): readonly string[] {
  const left = findings.filter((finding) => !passedOver.some((one) => fits(one, finding)));
  const idle = passedOver.filter((one) => !findings.some((finding) => fits(one, finding)));
  return [
    ...left.map(({ rule, sample, at, message }) => `${rule} in the template of "${sample}", ${at}: ${message}`),
    ...idle.map(
      ({ rule, at, reason }) =>
        `cfn-lint no longer finds ${rule} at ${at}, so take its reason ("${reason}") out of test/templates/passed-over.ts.`,
    ),
  ];
}

function fits(one: PassedOver, { rule, at, message }: Finding): boolean {
  return one.rule === rule && one.at.test(at) && one.message.test(message);
}
