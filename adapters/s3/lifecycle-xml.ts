import { BrokenPageError, XmlWalk } from './xml-walk.ts';

/**
 * The lifecycle configuration of a bucket as the JSON that `aws s3api get-bucket-lifecycle-configuration` prints.
 *
 * Read here and not by the SDK, which drops without a word what its version does not know: a rule with a new condition
 * would then look as if it took everything, and come out of a replacement without it.
 *
 * @throws BrokenPageError where the answer is cut, or no such configuration.
 */
export function lifecycleOf(body: Uint8Array): { readonly Rules: readonly unknown[] } {
  return new LifecycleWalk(body).configuration();
}

/** Elements that may come several times, with what the JSON calls their list. */
const LISTS: ReadonlyMap<string, string> = new Map([
  ['Transition', 'Transitions'],
  ['NoncurrentVersionTransition', 'NoncurrentVersionTransitions'],
]);
const NUMBERS = new Set([
  'Days',
  'DaysAfterInitiation',
  'NoncurrentDays',
  'NewerNoncurrentVersions',
  'ObjectSizeGreaterThan',
  'ObjectSizeLessThan',
]);
/** Those that are objects in the JSON, though nothing is in them. */
const STRUCTURES = new Set([
  'Filter',
  'And',
  'Tag',
  'Expiration',
  'Transition',
  'NoncurrentVersionExpiration',
  'NoncurrentVersionTransition',
  'AbortIncompleteMultipartUpload',
]);

class LifecycleWalk extends XmlWalk {
  configuration(): { readonly Rules: readonly unknown[] } {
    this.skipProlog();
    if (this.open() !== 'LifecycleConfiguration') this.fail('is no LifecycleConfiguration');
    const others = new Map<string, unknown>();
    const rules: unknown[] = [];
    while (!this.atClosing('LifecycleConfiguration')) {
      const name = this.open();
      const value = this.#value(name);
      if (name === 'Rule') rules.push(value);
      else others.set(name, value);
    }
    return { ...Object.fromEntries(others), Rules: rules };
  }

  #value(name: string): unknown {
    if (STRUCTURES.has(name) || name === 'Rule' || this.#holdsElements()) return this.#structure(name);
    const text = this.plain();
    if (NUMBERS.has(name) && /^\s*\d{1,15}\s*$/.test(text)) return Number(text);
    return name === 'ExpiredObjectDeleteMarker' && (text === 'true' || text === 'false') ? text === 'true' : text;
  }

  #structure(name: string): Readonly<Record<string, unknown>> {
    const fields = new Map<string, unknown>();
    while (!this.atClosing(name)) {
      const child = this.open();
      const value = this.#value(child);
      const list = name === 'And' && child === 'Tag' ? 'Tags' : LISTS.get(child);
      if (list !== undefined || fields.has(child)) {
        const key = list ?? child;
        const earlier = fields.get(key);
        fields.set(key, [...(Array.isArray(earlier) ? earlier : earlier === undefined ? [] : [earlier]), value]);
      } else {
        fields.set(child, value);
      }
    }
    return Object.fromEntries(fields);
  }

  #holdsElements(): boolean {
    if (this.isEmptyElement) return false;
    const next = this.text.slice(this.at).search(/\S/);
    return next !== -1 && this.text[this.at + next] === '<' && this.text[this.at + next + 1] !== '/';
  }

  protected override fail(what: string): never {
    throw new BrokenPageError(`The lifecycle configuration ${what} (byte ${this.at} of ${this.text.length})`);
  }
}
