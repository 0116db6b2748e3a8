import type { Services } from '../../services/create-services';
import { RegisterRequest } from '../../services/packs-view';
import { parseRequest } from '../../services/request-text';
import { RunnerTypeChange } from '../../services/runner-types';
import { SensorTypeChange } from '../../services/sensor-types';
import { LIST_PARAMETERS, filtersOf, listAnswer, pageOf, projectionOf } from '../list';
import type { Route } from '../route';
import { listRoute } from './definitions';
import { packFileRoutes } from './pack-files';

const PACK_ATTRIBUTES = new Set([
  'id', 'uid', 'ref', 'name', 'description', 'version', 'author', 'email', 'keywords', 'stackstorm_version', 'python_versions',
  'contributors', 'dependencies', 'files', 'system', 'path',
]); // prettier-ignore
const RUNNER_ATTRIBUTES = new Set([
  'id', 'uid', 'name', 'description', 'enabled', 'runner_package', 'runner_module', 'query_module', 'runner_parameters',
  'output_key', 'output_schema',
]); // prettier-ignore
const SENSOR_ATTRIBUTES = new Set([
  'id', 'uid', 'ref', 'name', 'pack', 'description', 'artifact_uri', 'entry_point', 'trigger_types', 'poll_interval', 'enabled',
  'metadata_file',
]); // prettier-ignore

/** Packs and what comes with them: runner types and sensor types. */
export function catalogueRoutes({ packs, runnerTypes, sensorTypes }: Services): Route[] {
  return [
    listRoute({ path: '/packs', tag: 'packs', summary: 'List packs', attributes: PACK_ATTRIBUTES, filters: { name: 'name' }, list: packs.list }),
    {
      method: 'post', path: '/packs/register', tag: 'packs', summary: 'Register packs from disk', body: RegisterRequest,
      handle: async ({ principal, body }) => ({ body: await packs.register(principal, parseRequest(RegisterRequest, body)) }),
    },
    ...packFileRoutes(packs),
    {
      method: 'get', path: '/packs/{ref_or_id}', tag: 'packs', summary: 'A pack',
      handle: async ({ principal, params }) => ({ body: await packs.get(principal, params['ref_or_id'] ?? '') }),
    },
    {
      method: 'get', path: '/runnertypes', tag: 'runner types', summary: 'List runner types',
      query: { name: 'Only with this name.', ...LIST_PARAMETERS },
      handle: async ({ principal, query }) => {
        const page = pageOf(query);
        const project = projectionOf(query, RUNNER_ATTRIBUTES);
        return listAnswer(await runnerTypes.list(principal, { ...page, ...filtersOf(query, ['name']) }), page.limit, project);
      },
    },
    {
      method: 'get', path: '/runnertypes/{name_or_id}', tag: 'runner types', summary: 'A runner type',
      handle: async ({ principal, params }) => ({ body: await runnerTypes.get(principal, params['name_or_id'] ?? '') }),
    },
    {
      method: 'put', path: '/runnertypes/{name_or_id}', tag: 'runner types', summary: 'Switch a runner on or off', body: RunnerTypeChange,
      handle: async ({ principal, params, body }) => ({
        body: await runnerTypes.change(principal, params['name_or_id'] ?? '', parseRequest(RunnerTypeChange, body)),
      }),
    },
    listRoute({
      path: '/sensortypes', tag: 'sensor types', summary: 'List sensors', attributes: SENSOR_ATTRIBUTES, flags: ['enabled'],
      list: sensorTypes.list,
    }),
    {
      method: 'get', path: '/sensortypes/{ref_or_id}', tag: 'sensor types', summary: 'A sensor',
      handle: async ({ principal, params }) => ({ body: await sensorTypes.get(principal, params['ref_or_id'] ?? '') }),
    },
    {
      method: 'put', path: '/sensortypes/{ref_or_id}', tag: 'sensor types', summary: 'Switch a sensor on or off', body: SensorTypeChange,
      handle: async ({ principal, params, body }) => ({
        body: await sensorTypes.change(principal, params['ref_or_id'] ?? '', parseRequest(SensorTypeChange, body)),
      }),
    },
  ]; // prettier-ignore
}
