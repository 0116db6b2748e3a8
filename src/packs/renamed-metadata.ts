import { isMap, parseDocument } from 'yaml';

/** Attributes that the platform computes: in a copy they would name the original. */
const COMPUTED = ['id', 'uid', 'ref', 'metadata_file'];

/**
 * The text of an action's metadata file with another name, pack and entry point; comments and everything else stay as they were.
 * Null when the text is no YAML mapping.
 */
export function renamedMetadata(
  text: string,
  { name, pack, entryPoint }: { name: string; pack: string; entryPoint: string },
): string | null {
  const document = parseDocument(text, { version: '1.1', logLevel: 'silent', prettyErrors: false });
  if (document.errors.length > 0 || !isMap(document.contents)) return null;
  document.set('name', name);
  if (document.has('pack')) document.set('pack', pack);
  if (document.has('entry_point') || entryPoint !== '') document.set('entry_point', entryPoint);
  for (const attribute of COMPUTED) document.delete(attribute);
  return document.toString({ lineWidth: 0 });
}
