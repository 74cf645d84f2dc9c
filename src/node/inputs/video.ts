import { UnusablePicture } from "../images/unusable-picture.ts";
import type { ContainerKind, Listed, ListOptions, OpenContainer } from "./input.ts";
import { entryLocation } from "./location.ts";
import { runProgram } from "./run-program.ts";

/**
 * Videos as frames, every so many seconds or where the scene changes, by ffmpeg where it is installed. A frame is called by its time:
 * `clip.mp4!/12.5s`.
 */
export const videoKind: ContainerKind = {
  name: "video",
  extensions: "mp4 m4v mov mkv webm avi mpg mpeg wmv flv ogv 3gp".split(" "),
  list,
  open,
};

/** Seconds between frames. */
export const DEFAULT_FRAMES = 5;
/** Frames that differ more than this from the one before begin a scene, from 0 to 1 (ffmpeg's measure). */
const SCENE_CHANGE = 0.3;
const MOST_FRAMES = 1_000_000;

/** A video is a stranger's program for ffmpeg: no playlists, which name other files, and nothing but this file is opened. */
const SAFE_INPUT = [
  "-protocol_whitelist",
  "file",
  "-format_whitelist",
  "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegvideo,mpegts,asf,flv,ogg",
];

async function* list(file: string, options: ListOptions): AsyncGenerator<Listed, void, void> {
  const { frames = DEFAULT_FRAMES, signal } = options;
  const times = frames === "scenes" ? await sceneTimes(file, signal) : await evenTimes(file, frames, signal);
  for (const time of times) {
    yield {
      kind: "picture",
      location: entryLocation(file, frameName(time)),
      container: file,
      metadata: { cells: { seconds: time } },
    };
  }
}

/** Milliseconds are enough to tell frames apart. */
function frameName(seconds: number): string {
  return `${Math.round(seconds * 1000) / 1000}s`;
}

async function evenTimes(file: string, step: number, signal: AbortSignal | undefined): Promise<number[]> {
  const args = [
    "-v",
    "error",
    ...SAFE_INPUT,
    "-show_entries",
    "format=duration",
    "-of",
    "csv=p=0",
    `file:${file}`,
  ];
  const { stdout } = await runProgram("ffprobe", args, { timeout: 60_000, signal });
  const duration = Number(stdout.toString().trim());
  // Some recordings do not say how long they are: their first frame is there at least.
  const count = duration > 0 ? Math.min(Math.ceil(duration / step), MOST_FRAMES) : 1;
  return Array.from({ length: count }, (_, i) => i * step);
}

/** The first frame, and every first frame of another scene. */
async function sceneTimes(file: string, signal: AbortSignal | undefined): Promise<number[]> {
  const filter = `select=gt(scene\\,${SCENE_CHANGE}),showinfo`;
  const args = [
    "-nostdin",
    "-hide_banner",
    ...SAFE_INPUT,
    "-i",
    `file:${file}`,
    "-an",
    "-vf",
    filter,
    "-f",
    "null",
    "-",
  ];
  const { stderr } = await runProgram("ffmpeg", args, { timeout: 3_600_000, signal });
  const changes = Array.from(stderr.matchAll(/pts_time:([0-9.]+)/g), ([, time]) => Number(time));
  return [0, ...changes.filter((time) => time > 0)].slice(0, MOST_FRAMES);
}

async function open(file: string): Promise<OpenContainer> {
  return { read: (entry, signal) => readFrame(file, entry, signal), close: async () => undefined };
}

async function readFrame(file: string, entry: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const time = /^(\d{1,7}(?:\.\d{1,3})?)s$/.exec(entry)?.[1];
  if (time === undefined) throw new UnusablePicture("not-found", "no such frame in the video");
  const input = ["-ss", time, ...SAFE_INPUT, "-i", `file:${file}`];
  const output = ["-an", "-frames:v", "1", "-c:v", "png", "-bitexact", "-f", "image2pipe", "-"];
  const args = ["-nostdin", "-v", "error", "-threads", "1", ...input, ...output];
  const { stdout } = await runProgram("ffmpeg", args, { timeout: 60_000, signal });
  if (stdout.length === 0) throw new UnusablePicture("not-found", "the video ends before this frame");
  return stdout;
}
