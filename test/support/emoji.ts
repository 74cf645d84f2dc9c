import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

export interface Emoji {
  readonly name: string;
  readonly short_name: string;
  readonly category: string;
  readonly subcategory: string;
  readonly image: string;
}

export type Vendor = "google" | "twitter";

const require = createRequire(import.meta.url);

function datasource(vendor: Vendor): string {
  return path.dirname(require.resolve(`emoji-datasource-${vendor}/package.json`));
}

/** The named emoji that a vendor has drawn, without skin tone variants. */
export function emojiOf(vendor: Vendor): Emoji[] {
  const all = JSON.parse(readFileSync(path.join(datasource(vendor), "emoji.json"), "utf8")) as (Emoji &
    Record<string, unknown>)[];
  return all.filter((emoji) => emoji[`has_img_${vendor}`] === true && emoji.category !== "Component");
}

/** Copies pictures into a folder as `SHORT_NAME.png` and gives their paths. */
export function layOutEmoji(folder: string, emoji: readonly Emoji[], vendor: Vendor): string[] {
  mkdirSync(folder, { recursive: true });
  return emoji.map(({ short_name, image }) => {
    const file = path.join(folder, `${short_name}.png`);
    copyFileSync(path.join(datasource(vendor), "img", vendor, "64", image), file);
    return file;
  });
}
