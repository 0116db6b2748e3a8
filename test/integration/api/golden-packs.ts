import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Pack } from '../../../src/model/pack';
import type { SensorType } from '../../../src/model/sensor';
import { loadRecording } from './golden';

/**
 * A directory of packs: the shipped `core`; `bench` and `chatops` with the metadata and (empty) files of recording 223; `examples` and
 * `linux` with the sensors of recording 248.
 */
export function recordedPackFiles(): string {
  const directory = mkdtempSync(join(tmpdir(), 'golden-packs-'));
  symlinkSync(resolve(__dirname, '../../../packs/core'), join(directory, 'core'));
  for (const pack of loadRecording(223).body as Pack[]) writePack(directory, pack);
  for (const ref of ['examples', 'linux']) {
    writePack(directory, { name: ref, ref, description: ref, version: '1.0.0', author: 'test', files: [] });
  }
  for (const sensor of loadRecording(248).body as SensorType[]) writeSensor(directory, sensor);
  return directory;
}

type Written = Pick<Pack, 'name' | 'ref' | 'description' | 'version' | 'author' | 'files'> & Partial<Pack>;

function writePack(directory: string, { files, ...pack }: Written): void {
  const { name, ref, description, version, author, email, python_versions, contributors } = pack;
  for (const file of [...files, 'pack.yaml']) write(join(directory, ref, file), '');
  const metadata = { name, ref, description, version, author, email, python_versions, contributors };
  write(join(directory, ref, 'pack.yaml'), JSON.stringify(metadata));
}

/** Writes the metadata that StackStorm showed as this sensor. */
export function writeSensor(directory: string, sensor: SensorType): void {
  const { pack, name, description, enabled, poll_interval, trigger_types, artifact_uri, metadata_file } = sensor;
  const metadata = {
    class_name: name,
    entry_point: artifact_uri.split('/sensors/')[1],
    description,
    enabled,
    poll_interval,
    trigger_types: trigger_types.map((ref) => ({ name: ref.slice(pack.length + 1) })),
  };
  write(join(directory, pack, metadata_file), JSON.stringify(metadata));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
