/** A configuration as people write one: YAML with one setting a line, and what is short and plain in braces. */
import { Document, isMap, isScalar, isSeq, type Node, visit } from 'yaml';

/** Of what stands in braces, as JSON. */
const MOST_CHARACTERS = 110;

const isShort = (node: Node): boolean => JSON.stringify(node.toJSON()).length <= MOST_CHARACTERS;

const isPlain = (node: unknown): boolean =>
  isScalar(node) ||
  (isMap(node) && node.items.every(({ value }) => isScalar(value))) ||
  (isSeq(node) && node.items.every((item) => isScalar(item)));

/** A service or a cluster keeps a line for each setting, however few there are. */
const isItself = (path: readonly unknown[]): boolean => path.length <= 4;

export const yamlOf = (config: unknown): string => {
  const document = new Document(config, { aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_, node, path) => {
      if (isItself(path) || !isPlain(node) || !isShort(node)) return;
      node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
};

/** In JSON where the name ends so. */
export const textFor = (file: string, config: unknown): string =>
  file.toLowerCase().endsWith('.json') ? `${JSON.stringify(config, null, 2)}\n` : yamlOf(config);
