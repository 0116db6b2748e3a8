import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { Action, ActionMetadata } from '../model/action';
import { resourceId } from '../model/ids';
import type { JsonObject } from '../model/json';
import type { Pack, PackMetadata } from '../model/pack';
import { formatRef, uid } from '../model/refs';
import type { Criteria, Rule, RuleMetadata, TimeCondition } from '../model/rule';
import type { SensorMetadata, SensorType } from '../model/sensor';
import { triggerRefOf } from './trigger-documents';

/** Where a piece of metadata stands. */
export interface Place {
  pack: string;
  /** Absolute directory of the pack. */
  directory: string;
  /** Relative to the directory. */
  file: string;
}

const identity = (kind: 'action' | 'rule' | 'sensor_type', pack: string, name: string) => {
  const resourceUid = uid(kind, pack, name);
  return { id: resourceId(resourceUid), uid: resourceUid, ref: formatRef(pack, name), name, pack };
};

/** A pack in StackStorm's API shape; unknown keys of pack.yaml are kept. */
export function packDocument(metadata: PackMetadata, place: { ref: string; directory: string; files: string[] }): Pack {
  const packUid = uid('pack', place.ref);
  const { email, stackstorm_version: platform, ...rest } = metadata;
  return {
    ...rest,
    ...(email == null ? {} : { email }),
    ...(platform == null ? {} : { stackstorm_version: platform }),
    id: resourceId(packUid),
    uid: packUid,
    ref: place.ref,
    keywords: metadata.keywords ?? [],
    python_versions: metadata.python_versions ?? [],
    contributors: metadata.contributors ?? [],
    dependencies: metadata.dependencies ?? [],
    system: metadata.system ?? {},
    files: place.files,
    path: place.directory,
  };
}

/** An action in StackStorm's API shape. */
export function actionDocument(place: Place, metadata: ActionMetadata): Action {
  return {
    ...identity('action', place.pack, metadata.name),
    description: metadata.description ?? '',
    enabled: metadata.enabled ?? true,
    runner_type: metadata.runner_type,
    entry_point: metadata.entry_point ?? '',
    parameters: metadata.parameters ?? {},
    output_schema: metadata.output_schema ?? {},
    tags: metadata.tags ?? [],
    notify: metadata.notify ?? {},
    metadata_file: place.file,
    ...(metadata.retry_on_worker_loss == null ? {} : { retry_on_worker_loss: metadata.retry_on_worker_loss }),
  };
}

/** A rule in StackStorm's API shape; its trigger's ref follows from type and parameters. */
export function ruleDocument(place: Place, metadata: RuleMetadata): Rule {
  return {
    ...identity('rule', place.pack, metadata.name),
    description: metadata.description ?? '',
    enabled: metadata.enabled ?? false,
    ...(metadata.mode === 'shadow' ? { mode: metadata.mode } : {}),
    ...kindAndTrigger(metadata),
    criteria: (metadata.criteria ?? {}) as Criteria,
    ...(metadata.when ? { when: timeConditionOf(metadata.when) } : {}),
    ...(metadata.guard ? { guard: metadata.guard } : {}),
    action: { ref: metadata.action.ref, parameters: metadata.action.parameters ?? {} },
    context: (metadata.context ?? {}) as JsonObject,
    tags: metadata.tags ?? [],
    metadata_file: place.file,
  };
}

/** A time condition whose answers' trigger has its ref, like a rule's own. */
function timeConditionOf(when: TimeCondition): TimeCondition {
  if (when.type !== 'sequence') return when;
  return { ...when, unless: { ...when.unless, trigger: triggerOf(when.unless.trigger) } };
}

function triggerOf({ type, parameters }: RuleMetadata['trigger']): Rule['trigger'] {
  return { type, parameters: parameters ?? {}, ref: triggerRefOf(type, parameters ?? {}) };
}

function kindAndTrigger({ type, trigger }: RuleMetadata): Pick<Rule, 'type' | 'trigger'> {
  return {
    type: { ref: type?.ref ?? 'standard', parameters: type?.parameters ?? {} },
    trigger: triggerOf(trigger),
  };
}

/** A sensor in StackStorm's API shape. */
export function sensorDocument(place: Place, metadata: SensorMetadata): SensorType {
  const module = metadata.entry_point.replace(/\.\w+$/, '').replaceAll('/', '.');
  return {
    ...identity('sensor_type', place.pack, metadata.class_name),
    description: metadata.description ?? '',
    artifact_uri: pathToFileURL(join(place.directory, 'sensors', metadata.entry_point)).href,
    entry_point: `sensors.${module}.${metadata.class_name}`,
    trigger_types: metadata.trigger_types.map((type) => formatRef(type.pack ?? place.pack, type.name)),
    ...(metadata.poll_interval == null ? {} : { poll_interval: metadata.poll_interval }),
    enabled: metadata.enabled ?? true,
    metadata_file: place.file,
  };
}
