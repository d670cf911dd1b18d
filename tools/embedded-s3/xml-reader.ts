/**
 * Reads the XML of requests: elements and text, in full or not at all.
 */
import { S3Error } from '#tools/embedded-s3/s3-error.ts';

export interface XmlElement {
  readonly name: string;
  /** All text directly in it. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const TOKEN =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w.:-]*)([^<>]*?)(\/?)>|([^<]+)/y;
const ATTRIBUTES = /^(?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*$/;

/** What XML 1.0 has no place for, though a key may have it: such a key can't be named in a batch. */
const NOT_IN_XML = /(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/u;

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

/**
 * @param rootName what the document must be.
 * @throws S3Error `MalformedXML` for anything else, document types included.
 */
export function parseXml(xml: string, rootName: string): XmlElement {
  if (NOT_IN_XML.test(xml)) throw malformed();
  const top: OpenElement = { name: '', text: '', children: [] };
  const open: OpenElement[] = [top];
  let at = 0;
  while (at < xml.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(xml);
    const innermost = open.at(-1);
    if (token === null || innermost === undefined) throw malformed();
    at = TOKEN.lastIndex;
    const [, cdata, closing, name, attributes = '', selfClosing, text] = token;
    if (cdata !== undefined) innermost.text += cdata;
    else if (text !== undefined) innermost.text += decodeEntities(text.replace(/\r\n?/g, '\n'));
    else if (name === undefined) continue;
    else if (closing === '/') close(open, name, attributes);
    else {
      if (!ATTRIBUTES.test(attributes)) throw malformed();
      const child: OpenElement = { name, text: '', children: [] };
      innermost.children.push(child);
      if (selfClosing !== '/') open.push(child);
    }
  }
  const [root, ...more] = top.children;
  if (root?.name !== rootName || more.length > 0 || open.length > 1 || top.text.trim() !== '') throw malformed();
  return root;
}

function close(open: OpenElement[], name: string, attributes: string): void {
  if (open.length === 1 || open.at(-1)?.name !== name || attributes.trim() !== '') throw malformed();
  open.pop();
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(\w+));|&/g,
    (_, hex?: string, decimal?: string, named?: string) => {
      if (named !== undefined) return ENTITIES[named] ?? refuse();
      const codePoint = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16);
      return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : refuse();
    },
  );
}

function refuse(): never {
  throw malformed();
}

function malformed(): S3Error {
  return new S3Error('MalformedXML');
}

/** Text of the first child of that name. */
export function childText(parent: XmlElement, name: string): string | undefined {
  return parent.children.find((child) => child.name === name)?.text;
}

export function childrenNamed(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name);
}
