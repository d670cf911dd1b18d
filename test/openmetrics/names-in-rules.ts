/** The names of the steward's metrics in an expression of Prometheus. */
export function namesInRules(text: string): readonly string[] {
  return [...new Set(text.match(/\bflink_steward_\w+/g) ?? [])];
}
