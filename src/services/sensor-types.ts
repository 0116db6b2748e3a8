import { z } from 'zod';
import type { Principal } from '../model/principal';
import type { SensorType } from '../model/sensor';
import type { DefinitionQuery, Page } from '../ports/store';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { found, noSuchReference } from './not-found';

/** Body of PUT /sensortypes/{ref_or_id}: only `enabled` counts, as in StackStorm. */
export const SensorTypeChange = z.looseObject({ enabled: z.boolean() });
export type SensorTypeChange = z.infer<typeof SensorTypeChange>;

export interface SensorTypeService {
  list(principal: Principal, query: DefinitionQuery): Promise<Page<SensorType>>;
  get(principal: Principal, refOrId: string): Promise<SensorType>;
  /** Switches a sensor on or off; the sensors role follows through the definitions' change notification. */
  change(principal: Principal, refOrId: string, change: SensorTypeChange): Promise<SensorType>;
}

export function createSensorTypeService({ store }: ServiceDependencies): SensorTypeService {
  const byRef = async (refOrId: string): Promise<SensorType> =>
    found(await store.definitions.get('sensor_type', refOrId), noSuchReference(refOrId));
  return {
    list: (principal, query) => {
      authorise(principal, 'sensor_type_list');
      return store.definitions.list('sensor_type', query);
    },
    get: (principal, refOrId) => {
      authorise(principal, 'sensor_type_view', refOrId);
      return byRef(refOrId);
    },
    change: async (principal, refOrId, { enabled }) => {
      const sensor = await byRef(refOrId);
      authorise(principal, 'sensor_type_modify', sensor.uid);
      const changed = { ...sensor, enabled };
      // Still the pack's: a later registration may overwrite it, and removing the pack removes it.
      await store.definitions.put('sensor_type', changed, 'pack');
      return changed;
    },
  };
}
