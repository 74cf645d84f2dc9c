/** How much a run tells on stderr. */
export interface TerminalOptions {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Data goes to stdout; everything said to a person while working goes to stderr. */
export class Terminal {
  readonly json: boolean;
  private readonly quiet: boolean;
  private readonly out: NodeJS.WriteStream;
  private readonly err: NodeJS.WriteStream;
  private lastBar = 0;
  private lastLine = Date.now();
  private barShown = false;

  constructor(options: TerminalOptions, out: NodeJS.WriteStream, err: NodeJS.WriteStream) {
    this.json = options.json;
    this.quiet = options.quiet;
    this.out = out;
    this.err = err;
  }

  /** Prints data. */
  print(text: string): void {
    this.clearBar();
    this.out.write(`${text}\n`);
  }

  /** Prints one JSON value, the whole output of a command under --json. */
  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** Tells the person something; silent under --quiet. */
  say(text: string): void {
    if (this.quiet) return;
    this.clearBar();
    this.err.write(`${text}\n`);
  }

  /** Errors and warnings are said even under --quiet. */
  warn(text: string): void {
    this.clearBar();
    this.err.write(`${text}\n`);
  }

  /** A bar on a terminal, ten a second at most; elsewhere a line every ten seconds. */
  progress(text: string, fraction: number): void {
    if (this.quiet) return;
    const now = Date.now();
    if (this.err.isTTY) {
      if (now - this.lastBar < 100) return;
      this.lastBar = now;
      this.barShown = true;
      this.err.write(`\r\x1b[2K${bar(fraction)} ${text}`.slice(0, this.err.columns + 5));
    } else if (now - this.lastLine >= 10_000) {
      this.lastLine = now;
      this.err.write(`${Math.floor(fraction * 100)} % ${text}\n`);
    }
  }

  clearBar(): void {
    if (!this.barShown) return;
    this.barShown = false;
    this.err.write("\r\x1b[2K");
  }

  /** Whether stdout may carry colour: a terminal, and NO_COLOR is not set. */
  get colours(): boolean {
    return this.out.isTTY === true && !process.env["NO_COLOR"];
  }

  bold(text: string): string {
    return this.colours ? `\x1b[1m${text}\x1b[22m` : text;
  }

  dim(text: string): string {
    return this.colours ? `\x1b[2m${text}\x1b[22m` : text;
  }
}

function bar(fraction: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * 24);
  return `${"█".repeat(filled)}${"░".repeat(24 - filled)} ${String(Math.floor(fraction * 100)).padStart(3)} %`;
}
