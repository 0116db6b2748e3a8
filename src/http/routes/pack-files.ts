import type { PackFile } from '../../services/pack-files';
import type { PackService } from '../../services/packs-view';
import type { ApiRequest, Route } from '../route';

const tag = 'packs';

function header({ headers }: ApiRequest, name: string): string | undefined {
  const key = Object.keys(headers).find((given) => given.toLowerCase() === name);
  return key === undefined ? undefined : headers[key];
}

/** Whether the asker has this file already: by its tag when one is given, else by its time, which HTTP counts in seconds. */
function isKnown(request: ApiRequest, { etag, modifiedAt }: PackFile): boolean {
  const tags = header(request, 'if-none-match');
  if (tags !== undefined) {
    const known = tags.split(',').map((each) => each.trim().replace(/^W\//, ''));
    return known.includes(etag) || known.includes('*');
  }
  const since = Date.parse(header(request, 'if-modified-since') ?? '');
  return Math.floor(modifiedAt / 1000) * 1000 <= since;
}

/** Files of packs, as they are on disk. */
export function packFileRoutes(packs: PackService): Route[] {
  return [
    {
      method: 'get',
      path: '/packs/views/files/{ref_or_id}',
      tag,
      summary: 'Texts of all files of a pack',
      handle: async ({ principal, params }) => ({ body: await packs.files(principal, params['ref_or_id'] ?? '') }),
    },
    {
      method: 'get',
      path: '/packs/views/file/{ref_or_id}/{+path}',
      tag,
      summary: 'A file of a pack; 304 for If-None-Match or If-Modified-Since that still hold',
      handle: async (request) => {
        const { principal, params } = request;
        const file = await packs.file(principal, params['ref_or_id'] ?? '', params['path'] ?? '');
        const headers = { 'Last-Modified': new Date(file.modifiedAt).toUTCString(), ETag: file.etag };
        return isKnown(request, file) ? { status: 304, headers } : { body: file.bytes, type: file.mediaType, headers };
      },
    },
  ];
}
