import { z } from 'zod';

export const PACK_REF = /^[a-z0-9_]+$/;

/** pack.yaml as people write it; unknown keys are kept. */
export const PackMetadata = z.looseObject({
  ref: z.string().regex(PACK_REF, 'a pack ref holds lower-case letters, digits and _ only').optional(),
  name: z.string().min(1),
  description: z.string(),
  version: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^\d+\.\d+(\.\d+)?([-+].*)?$/, 'expected a semantic version such as 1.0.0')),
  author: z.string(),
  email: z.string().nullish(),
  keywords: z.array(z.string()).nullish(),
  stackstorm_version: z.string().nullish(),
  python_versions: z.array(z.union([z.string(), z.number()]).transform(String)).nullish(),
  contributors: z.array(z.string()).nullish(),
  dependencies: z.array(z.string()).nullish(),
  system: z.record(z.string(), z.unknown()).nullish(),
});
export type PackMetadata = z.infer<typeof PackMetadata>;

/** A registered pack, in StackStorm's API shape. */
export interface Pack {
  id: string;
  uid: string;
  ref: string;
  name: string;
  description: string;
  version: string;
  author: string;
  email?: string;
  keywords: string[];
  stackstorm_version?: string;
  python_versions: string[];
  contributors: string[];
  dependencies: string[];
  files: string[];
  system: Record<string, unknown>;
  path: string;
  [extra: string]: unknown;
}

export const SYSTEM_PACKS: ReadonlySet<string> = new Set(['chatops', 'core', 'packs', 'linux']);
