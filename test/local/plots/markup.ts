/** As much of an XML reader as a picture needs: it throws where something is not well-formed. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What stands directly in it. */
  readonly text: string;
  readonly children: readonly Element[];
}

type Open = { name: string; attributes: Record<string, string>; text: string; children: Element[] };

const plain = (text: string): string => {
  const odd = text.replace(/&(amp|lt|gt|quot);/g, '').match(/[&<>]/);
  if (odd !== null) throw new Error(`unescaped ${odd[0]} in ${text.slice(0, 60)}`);
  return text;
};

export const elementsOf = (markup: string): Element => {
  const root: Open = { name: '', attributes: {}, text: '', children: [] };
  const open = [root];
  let end = 0;
  for (const found of markup.matchAll(/<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const [whole, closes, name = '', attributes = '', isEmpty] = found;
    const inside = open.at(-1) ?? root;
    const before = markup.slice(end, found.index);
    inside.text += inside.name === 'style' ? before : plain(before);
    end = found.index + whole.length;
    if (closes === '/') {
      if (inside.name !== name) throw new Error(`</${name}> ends <${inside.name}>`);
      open.pop();
      continue;
    }
    const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
      key,
      plain(value),
    ]);
    const element: Open = { name, attributes: Object.fromEntries(pairs), text: '', children: [] };
    inside.children.push(element);
    if (isEmpty !== '/') open.push(element);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> never ends`);
  plain(markup.slice(end));
  return root;
};

/** All elements below this one, those whose class holds `kind` where that is given. */
export const all = (element: Element, name: string, kind?: string): readonly Element[] => [
  ...element.children.filter(
    (child) =>
      child.name === name &&
      (kind === undefined || (child.attributes['class'] ?? '').split(' ').includes(kind)),
  ),
  ...element.children.flatMap((child) => all(child, name, kind)),
];

/** Where a path begins. */
export const beginOf = ({ attributes }: Element): readonly [x: number, y: number] => {
  const [, x, y] = /^M(-?[\d.]+) (-?[\d.]+)/.exec(attributes['d'] ?? '') ?? [];
  if (x === undefined || y === undefined) throw new Error(`no path begins with "${attributes['d']}"`);
  return [Number(x), Number(y)];
};
