import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { type SkipCode, UnusablePicture } from "../images/unusable-picture.ts";
import { type Frame, FrameReader, frameParts } from "./frames.ts";

/** The process ended, or was ended, before it answered. */
export class DecoderLost extends Error {
  readonly skipCode: "decoder-crash" | "decoder-timeout";

  constructor(skipCode: DecoderLost["skipCode"], message: string) {
    super(message);
    this.skipCode = skipCode;
  }
}

/** A process that decodes one picture at a time: what brings it down brings down nothing else. */
export class DecoderProcess {
  private readonly child: ChildProcess;
  private waiting: { resolve: (frame: Frame) => void; reject: (error: Error) => void } | undefined;
  private loss: DecoderLost | undefined;
  /** Its first frame says that it is up: starting on a busy machine must not count as decoding. */
  private readonly up: Promise<unknown>;

  /** @param program file of a Node program that speaks as `decoder-program.ts` does */
  constructor(program: string) {
    this.child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "ignore"] });
    const reader = new FrameReader((frame) => this.settle(({ resolve }) => resolve(frame)));
    this.child.stdout!.on("data", (piece: Buffer) => reader.push(piece));
    // A pipe that breaks is told by the end of the process.
    this.child.stdin!.on("error", () => undefined);
    this.child.on("error", (error) => this.lose(error.message));
    this.child.on("close", (code, signal) => this.lose(`the decoder ended with ${signal ?? code}`));
    this.up = this.answer();
    this.up.catch(() => undefined);
    this.hold(false);
  }

  /** False where the system would not start it. */
  get isStarted(): boolean {
    return this.child.pid !== undefined;
  }

  get isLost(): boolean {
    return this.loss !== undefined;
  }

  /**
   * @param head what is asked, see `decoder-program.ts`
   * @param timeLimit milliseconds for the answer, and as many for the process to start, after which it is ended
   * @throws UnusablePicture as `SharpDecoder` does, DecoderLost when the process is gone
   */
  async ask(head: unknown, image: Uint8Array, timeLimit: number): Promise<Frame> {
    this.hold(true);
    try {
      await this.within(timeLimit, "starting the decoder", this.up);
      if (this.loss !== undefined) throw this.loss;
      const answer = this.answer();
      for (const part of frameParts({ head, body: image })) this.child.stdin!.write(part);
      const frame = await this.within(timeLimit, "decoding", answer);
      if (isRefusal(frame.head)) throw new UnusablePicture(frame.head.code, frame.head.reason);
      return frame;
    } finally {
      this.hold(false);
    }
  }

  /** What an ended process was to answer is rejected. */
  private async within<Answer>(timeLimit: number, what: string, answer: Promise<Answer>): Promise<Answer> {
    const timer = setTimeout(() => {
      this.loss = new DecoderLost("decoder-timeout", `${what} took longer than ${timeLimit / 1000} s`);
      this.kill();
    }, timeLimit);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  private answer(): Promise<Frame> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  private lose(message: string): void {
    this.loss ??= new DecoderLost("decoder-crash", message);
    this.settle(({ reject }) => reject(this.loss!));
  }

  private settle(how: (waiting: NonNullable<DecoderProcess["waiting"]>) => void): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting !== undefined) how(waiting);
  }

  /** Only a decoder at work keeps this process from ending. */
  private hold(working: boolean): void {
    for (const part of [this.child, this.child.stdin as Socket, this.child.stdout as Socket]) {
      if (working) part.ref();
      else part.unref();
    }
  }
}

function isRefusal(head: unknown): head is { readonly code: SkipCode; readonly reason: string } {
  return typeof head === "object" && head !== null && "code" in head;
}
