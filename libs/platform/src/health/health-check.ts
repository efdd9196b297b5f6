/** Something the app cannot work without. Apps implement it as injectable classes. */
export interface HealthCheck {
  /** Shown to whoever asks: `database`, `broker`. */
  readonly name: string;
  /** null when all is well, otherwise what is wrong, for the log. Must not throw; if so, it fails. */
  check(): Promise<string | null>;
}

/** Injection token of the app's checks. */
export const HEALTH_CHECKS = Symbol('HEALTH_CHECKS');
