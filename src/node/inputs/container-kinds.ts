import type { ContainerKind } from "./input.ts";
import { tableKind } from "./table.ts";
import { tarKind } from "./tar.ts";
import { videoKind } from "./video.ts";
import { zipKind } from "./zip.ts";

/** Every kind of file that holds pictures. */
const KINDS: readonly ContainerKind[] = [zipKind, tarKind, tableKind, videoKind];

/** The kind of a file by its name; undefined for what holds no pictures. */
export function containerKindOf(file: string): ContainerKind | undefined {
  const name = file.toLowerCase();
  return KINDS.find(({ extensions }) => extensions.some((extension) => name.endsWith(`.${extension}`)));
}
