import type { Terminal } from "./terminal.ts";

const STEP_NAMES: Readonly<Record<string, string>> = {
  download: "downloading the model",
  "look at pictures": "looking at pictures",
  "embed images": "embedding pictures",
  "embed words": "embedding words",
  neighbors: "finding neighbours",
  reduce: "reducing",
  map: "drawing the map",
  cluster: "finding concepts",
  represent: "naming concepts",
  sharpness: "comparing sharpness",
  stability: "refitting parts of the collection",
};

/** Shows steps with the time left in each, judged by the pace since the step began. */
export class StepProgress {
  private readonly terminal: Terminal;
  private step = "";
  private startedAt = 0;
  private startedFrom = 0;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  report(step: string, fraction: number): void {
    if (step !== this.step) {
      this.step = step;
      this.startedAt = Date.now();
      this.startedFrom = fraction;
    }
    this.terminal.progress(`${STEP_NAMES[step] ?? step}${this.timeLeft(fraction)}`, fraction);
  }

  private timeLeft(fraction: number): string {
    const elapsed = (Date.now() - this.startedAt) / 1000;
    const gained = fraction - this.startedFrom;
    if (elapsed < 2 || gained <= 0 || fraction >= 1) return "";
    return `, ${duration((elapsed * (1 - fraction)) / gained)} left`;
  }
}

/** Seconds as "8 s", "3 min" or "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
