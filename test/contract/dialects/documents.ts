/** The documents of a fixture, as whoever loads a configuration reads them. */
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { cloudFormationTags } from '../../../lib/cloudformation-tags.ts';

export const readDocuments = (file: string): readonly unknown[] =>
  parseAllDocuments(readFileSync(file, 'utf8'), { customTags: cloudFormationTags }).map((document) => {
    if (document.errors.length + document.warnings.length > 0)
      throw new Error(`${file}: ${[...document.errors, ...document.warnings].join('\n')}`);
    return document.toJS() as unknown;
  });
