// The decoders of the real command crash and hang: ended and stopped from outside, and by a picture that takes for ever.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setInterval } from "node:timers/promises";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { childProcesses } from "../support/child-processes.ts";
import { concept, type Run, type RunOptions, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";
import { slowJpeg } from "../support/slow-jpeg.ts";

vi.setConfig({ testTimeout: 400_000 });

const folder = temporaryFolder("decoder-faults");
const pictures = path.join(folder, "pictures");

function fit(name: string, options?: RunOptions): Promise<Run> {
  const place = ["-o", path.join(folder, `${name}.concept`), "--cache", path.join(folder, `${name}-cache`)];
  return concept(
    ["fit", pictures, ...place, "--model", "mini", "--vocabulary-size", "100", "--json"],
    options,
  );
}

const decodersOf = (pid: number) =>
  childProcesses(pid).filter(({ command }) => command.includes("decoder-program"));
const vectorsOf = (name: string) =>
  readFileSync(path.join(folder, `${name}.concept/vectors/images.npy`)).toString("hex");

beforeAll(async () => {
  layOutEmoji(
    pictures,
    emojiOf("twitter").filter((_, i) => i % 30 === 0),
    "twitter",
  );
  const calm = await fit("calm");
  expect(calm.code, calm.stderr).toBe(0);
}, 120_000);

/** Acts on the decoders of a run until it ends. */
function whileRunning(act: (pid: number) => void): NonNullable<RunOptions["onStart"]> {
  return async (child) => {
    for await (const _ of setInterval(20)) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      act(child.pid!);
    }
  };
}

describe.skipIf(process.platform !== "linux")("concept fit whose decoders", () => {
  it("are killed once in a while tries their pictures again, and ends as if nothing had happened", async () => {
    // No more than these: whoever kills faster than decoders start has every picture listed.
    const killed = new Set<number>();
    const run = await fit("killed", {
      onStart: whileRunning((pid) => {
        if (killed.size === 3) return;
        const decoder = decodersOf(pid).find((one) => !killed.has(one.pid));
        if (decoder === undefined) return;
        killed.add(decoder.pid);
        process.kill(decoder.pid, "SIGKILL");
      }),
    });
    expect(killed.size).toBe(3);
    // A picture that is hit twice is listed: that is the rule, and the next run has it.
    expect([0, 3]).toContain(run.code);
    for (const { code } of JSON.parse(run.stdout).skipped) expect(code).toBe("decoder-crash");
    const again = await fit("killed");
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ embedded: JSON.parse(run.stdout).skipped.length });
    expect(vectorsOf("killed")).toBe(vectorsOf("calm"));
  });

  it("stands still while it starts is given up after the time limit: the run waited for ever", async () => {
    let stopped: number | undefined;
    const run = await fit("stopped", {
      env: { CONCEPT_DECODE_SECONDS: "15" },
      onStart: whileRunning((pid) => {
        stopped ??= decodersOf(pid)
          .slice(0, 1)
          .map((decoder) => {
            process.kill(decoder.pid, "SIGSTOP");
            return decoder.pid;
          })[0];
      }),
    });
    expect(run.code, run.stderr).toBe(0);
    expect(vectorsOf("stopped")).toBe(vectorsOf("calm"));
    expect(isAlive(stopped!)).toBe(false);
  });

  it("hang on a picture, or crash on it twice, lists it and embeds the others", async () => {
    // Valid, half a megabyte, and half a minute of work.
    const slow = path.join(pictures, "slow.jpg");
    writeFileSync(slow, slowJpeg(8192, 4000));
    const hung = await fit("hung", { env: { CONCEPT_DECODE_SECONDS: "15" } });
    expect(hung.code, hung.stderr).toBe(3);
    const reason = "decoding took longer than 15 s, twice";
    expect(JSON.parse(hung.stdout).skipped).toEqual([{ path: "slow.jpg", code: "decoder-timeout", reason }]);
    expect(vectorsOf("hung")).toBe(vectorsOf("calm"));
    const list = readFileSync(path.join(folder, "hung.concept.skipped.csv"), "utf8");
    expect(list).toContain(`slow.jpg,slow.jpg,decoder-timeout,"${reason}"`);

    let killed = 0;
    const crashed = await fit("crashed", {
      onStart: whileRunning((pid) => {
        // No emoji takes so long.
        for (const decoder of decodersOf(pid).filter(({ seconds }) => seconds > 5)) {
          killed++;
          process.kill(decoder.pid, "SIGKILL");
        }
      }),
    });
    expect(killed).toBeGreaterThan(1);
    expect(JSON.parse(crashed.stdout).skipped).toEqual([
      { path: "slow.jpg", code: "decoder-crash", reason: "the decoder ended with SIGKILL, twice" },
    ]);
    expect(vectorsOf("crashed")).toBe(vectorsOf("calm"));
    rmSync(slow);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
