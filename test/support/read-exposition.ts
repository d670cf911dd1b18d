/**
 * Reads the text that Prometheus takes, as strictly as both of its formats together: one family after the other, each
 * with its help and type, values without times, names once, and an end.
 */

export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const HELP = new RegExp(`^# HELP (${NAME}) ([^"\\\\]+)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) gauge$`);
const UNIT = new RegExp(`^# UNIT (${NAME}) ([a-z]+)$`);
const SAMPLE = new RegExp(`^(${NAME})\\{(.*)\\} (-?\\d+(?:\\.\\d+)?(?:e[+-]\\d+)?)$`);
const LABEL = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,(?=.)|$)/;

/** @throws where the text is not what both formats allow. */
export function readExposition(text: string): readonly ReadSample[] {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.pop() !== '# EOF') throw new Error('It does not end as it should.');
  const families = new Set<string>();
  const told = new Set<string>();
  const samples: ReadSample[] = [];
  let family = '';
  for (const [at, line] of lines.entries()) {
    const help = HELP.exec(line)?.[1];
    const other = TYPE.exec(line)?.[1] ?? UNIT.exec(line)?.[1];
    const unit = UNIT.exec(line)?.[2];
    if (help !== undefined) {
      if (families.has(help)) throw new Error(`${help} begins twice.`);
      families.add(help);
      family = help;
      if (TYPE.exec(lines[at + 1] ?? '')?.[1] !== help) throw new Error(`${help} has no type.`);
    } else if (other !== undefined) {
      if (other !== family || (unit !== undefined && !family.endsWith(`_${unit}`)))
        throw new Error(`Misplaced: ${line}`);
    } else {
      const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      if (name === '' || name !== family) throw new Error(`Not a value of ${family}: ${line}`);
      if (told.has(`${name}{${labels}}`)) throw new Error(`Twice: ${line}`);
      told.add(`${name}{${labels}}`);
      samples.push({ name, labels: labelsIn(labels), value: Number(value) });
    }
  }
  return samples;
}

function labelsIn(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const [whole = '', name = '', value = ''] = LABEL.exec(rest) ?? [];
    if (whole === '' || Object.hasOwn(labels, name)) throw new Error(`Not labels: ${text}`);
    labels[name] = value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(whole.length);
  }
  return labels;
}
