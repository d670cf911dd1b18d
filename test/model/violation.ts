/** Something happened that must never happen: state that somebody needs is gone by a steward's hand. */
export class ModelViolation extends Error {
  override readonly name = 'ModelViolation';
}
