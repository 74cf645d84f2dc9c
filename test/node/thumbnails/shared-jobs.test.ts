import { expect, test } from "vitest";
import { type JobHandle, SharedJobs } from "../../../src/node/thumbnails/shared-jobs.ts";
import { WorkSlots } from "../../../src/node/thumbnails/work-slots.ts";

function waiter(isUrgent = true): JobHandle & { leave(): void } {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    isUrgent: () => isUrgent,
    leave: () => controller.abort(new Error("left")),
  };
}

/** Lets everything that can run now run. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a job is shared, grows urgent with whoever joins, and is aborted when all have left", async () => {
  const jobs = new SharedJobs<string>();
  const handles: JobHandle[] = [];
  const start = (job: JobHandle) => {
    handles.push(job);
    return new Promise<string>((_, reject) => {
      job.signal.addEventListener("abort", () => reject(job.signal.reason));
    });
  };
  const [background, user, late] = [waiter(false), waiter(true), waiter(true)];
  const first = jobs.join(1, background, start);
  await turn();
  expect(handles[0]!.isUrgent()).toBe(false);
  const second = jobs.join(1, user, start);
  expect(handles[0]!.isUrgent()).toBe(true);
  user.leave();
  await expect(second).rejects.toThrow("left");
  expect(handles[0]!.isUrgent()).toBe(false);
  expect(handles[0]!.signal.aborted).toBe(false);

  background.leave();
  await expect(first).rejects.toThrow("left");
  expect(handles[0]!.signal.aborted).toBe(true);
  // Whoever comes now gets a job of his own, not the one that was given up.
  const third = jobs.join(1, late, start);
  await turn();
  expect(handles.length).toBe(2);
  late.leave();
  await expect(third).rejects.toThrow("left");
  await jobs.settled();
});

test("a job that fails fails for all, and can be tried again", async () => {
  const jobs = new SharedJobs<number>();
  const failing = async (): Promise<number> => {
    throw new Error("broken");
  };
  const outcomes = await Promise.allSettled([1, 2].map(() => jobs.join(7, waiter(), failing)));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await jobs.join(7, waiter(), async () => 3)).toBe(3);
});

test("slots let so many run at a time, and those first that somebody waits for", async () => {
  const slots = new WorkSlots(2);
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => () => {
    started.push(name);
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  let isUrgent = false;
  const changing: JobHandle = { signal: new AbortController().signal, isUrgent: () => isUrgent };
  const leaving = waiter(false);
  const all = [
    slots.run(waiter(false), work("a")),
    slots.run(waiter(false), work("b")),
    slots.run(waiter(false), work("c")),
    slots.run(leaving, work("never")),
    slots.run(changing, work("d")),
    slots.run(waiter(true), work("e")),
  ];
  const outcomes = Promise.allSettled(all);
  await turn();
  expect(started).toEqual(["a", "b"]);
  isUrgent = true;
  leaving.leave();
  for (let i = 0; i < 5; i++) {
    ends[i]?.();
    await turn();
  }
  expect(started).toEqual(["a", "b", "d", "e", "c"]);
  const statuses = (await outcomes).map(({ status }) => status);
  expect(statuses).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected", "fulfilled", "fulfilled"]);
});
