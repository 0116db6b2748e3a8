import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { Action } from '../model/action';
import { ActionMetadata } from '../model/action';
import { EverstormError } from '../model/errors';
import { SYSTEM_PACKS } from '../model/pack';
import type { ParameterSchemas } from '../model/parameter-schema';
import type { Principal } from '../model/principal';
import type { RunnerType } from '../model/runner-type';
import { actionDocument } from '../packs/documents';
import type { DefinitionQuery, Page } from '../ports/store';
import { mergedParameters } from './action-parameters';
import { authorise } from './authorisation';
import { CloneRequest, cloneAction } from './clone-action';
import { creating, moving } from './conflicts';
import type { ServiceDependencies } from './context';
import { found, noSuchReference } from './not-found';
import { existingPathInside } from './pack-paths';
import { parseRequest } from './request-text';

export interface ActionService {
  list(principal: Principal, query: DefinitionQuery): Promise<Page<Action>>;
  get(principal: Principal, refOrId: string): Promise<Action>;
  /** Throws INVALID_REQUEST, UNKNOWN_RUNNER, CONFLICT. */
  create(principal: Principal, body: unknown): Promise<Action>;
  /** Another name or pack moves the action to another ref and id in one step. Throws what `create` throws. */
  update(principal: Principal, refOrId: string, body: unknown): Promise<Action>;
  /** Copies an action with its files into another pack. Throws what {@link cloneAction} throws, and SYSTEM_PACK for such a destination. */
  clone(principal: Principal, refOrId: string, body: unknown): Promise<Action>;
  /** Throws SYSTEM_PACK for actions of system packs. */
  remove(principal: Principal, refOrId: string): Promise<void>;
  /** Runner's and action's parameters merged. */
  parameters(principal: Principal, refOrId: string): Promise<ParameterSchemas>;
  /** Actions with merged parameters. */
  listOverviews(principal: Principal, query: DefinitionQuery): Promise<Page<Action>>;
  overview(principal: Principal, refOrId: string): Promise<Action>;
  /** Text of the entry point and the media type of its file name; throws NOT_FOUND when there is none on disk. */
  entryPoint(principal: Principal, refOrId: string): Promise<{ text: string; mediaType: string }>;
}

const MEDIA_TYPES: Record<string, string> = {
  '.yaml': 'application/x-yaml',
  '.yml': 'application/x-yaml',
  '.py': 'text/x-python',
  '.sh': 'text/x-sh',
};

export function createActionService({ store, runnerTypes }: ServiceDependencies): ActionService {
  const { definitions } = store;
  const byRef = async (principal: Principal, refOrId: string): Promise<Action> => {
    const action = found(await definitions.get('action', refOrId), noSuchReference(refOrId));
    authorise(principal, 'action_view', action.uid);
    return action;
  };
  const runnerOf = (name: string): RunnerType => {
    const runner = runnerTypes.find((candidate) => candidate.name === name);
    if (!runner) throw new EverstormError('UNKNOWN_RUNNER', `RunnerType ${name} is not found.`);
    return runner;
  };
  const build = (body: unknown): Action => {
    const metadata = parseRequest(ActionMetadata, body);
    runnerOf(metadata.runner_type);
    const pack = metadata.pack ?? 'default';
    refuseSystemPack(pack);
    return actionDocument({ pack, directory: '', file: metadata.metadata_file ?? '' }, metadata);
  };
  const merged = (action: Action): Action => ({
    ...action,
    parameters: mergedParameters(action, runnerOf(action.runner_type)),
  });
  const list = (principal: Principal, query: DefinitionQuery): Promise<Page<Action>> => {
    authorise(principal, 'action_list');
    return definitions.list('action', query);
  };

  return {
    list,
    get: byRef,
    create: async (principal, body) => {
      authorise(principal, 'action_create');
      const action = build(body);
      await creating(action.uid, () => definitions.create('action', action, 'api'));
      return action;
    },
    update: async (principal, refOrId, body) => {
      const old = await byRef(principal, refOrId);
      authorise(principal, 'action_modify', old.uid);
      refuseSystemPack(old.pack);
      const built = build(body);
      // An id belongs to a name: see rules.
      const action = built.ref === old.ref ? { ...built, id: old.id } : built;
      if (action.ref === old.ref) await definitions.put('action', action, 'api');
      else
        await moving(action.uid, refOrId, () =>
          definitions.replace({ kind: 'action', oldRef: old.ref }, action, 'api'),
        );
      return action;
    },
    clone: async (principal, refOrId, body) => {
      const source = await byRef(principal, refOrId);
      const request = parseRequest(CloneRequest, body);
      authorise(principal, 'action_create', `action:${request.dest_pack}:${request.dest_action}`);
      refuseSystemPack(request.dest_pack);
      return cloneAction(definitions, source, request);
    },
    remove: async (principal, refOrId) => {
      const action = await byRef(principal, refOrId);
      authorise(principal, 'action_delete', action.uid);
      refuseSystemPack(action.pack);
      await definitions.remove('action', action.ref);
    },
    parameters: async (principal, refOrId) => merged(await byRef(principal, refOrId)).parameters,
    listOverviews: async (principal, query) => {
      const { rows, total } = await list(principal, query);
      return { rows: rows.map(merged), total };
    },
    overview: async (principal, refOrId) => merged(await byRef(principal, refOrId)),
    entryPoint: async (principal, refOrId) => {
      const action = await byRef(principal, refOrId);
      const pack = await definitions.get('pack', action.pack);
      const text = pack && (await readInside(resolve(pack.path, 'actions'), action.entry_point));
      if (text === null) throw new EverstormError('NOT_FOUND', `Entry point of action "${action.ref}" not found.`);
      return { text, mediaType: MEDIA_TYPES[extname(action.entry_point)] ?? 'text/plain' };
    },
  };
}

function refuseSystemPack(pack: string): void {
  if (!SYSTEM_PACKS.has(pack)) return;
  throw new EverstormError('SYSTEM_PACK', "Resources belonging to system level packs can't be manipulated");
}

/** A file's text, if it lies under the directory: an entry point is foreign text and must not climb out. */
async function readInside(directory: string, name: string): Promise<string | null> {
  const path = await existingPathInside(directory, name);
  return path === null ? null : readFile(path, 'utf8').catch(() => null);
}
