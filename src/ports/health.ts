/** One dependency's readiness, asked by /readyz. `check` throws with a reason while it is not ready, and must answer within 2 s. */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<void>;
}
