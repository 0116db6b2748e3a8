/** Input of a sensor workflow. */
export interface SensorAssignment {
  sensorRef: string;
  pack: string;
  className: string;
  /** Absolute path of the entry point file. */
  entryPath: string;
  pollIntervalSeconds?: number;
  triggerRefs: string[];
  /** Content hash: a change restarts the sensor. */
  version: string;
}

/** Input of a timer workflow. */
export interface TimerAssignment {
  /** Ref of the parametrised trigger to fire. */
  triggerRef: string;
  triggerType: string;
  parameters: { unit: string; delta: number };
  version: string;
}
