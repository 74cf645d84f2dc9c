/** What cameras, phones and programs call every picture. */
const CODES = new Set(
  "img dsc dscn dscf pxl mvi pict gopr dji vid wa burst cover image photo picture pic scan screenshot screen shot untitled file frame edited copy final kopie bild foto".split(
    " ",
  ),
);

/**
 * The words of a file's name as a caption: `golden-retriever_01.jpg` says "golden retriever". Extension, numbers and
 * letters of counters are left out; a name of nothing but such (`IMG_2041.jpg`, `3f9c20aa.png`) is no caption.
 *
 * @param path parts joined with `/`; folders say nothing
 * @returns "" where the name tells nothing
 */
export function fileNameCaption(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/(?<=.)\.[^.]*$/, "");
  const words = name
    .normalize("NFC")
    .split(/[\s_\-.+,()[\]]+/)
    .map((word) => word.replace(/\d+$/, ""))
    .filter((word) => !/\d/.test(word) && /\p{L}/u.test(word));
  const tells = words.some((word) => /\p{L}{2}/u.test(word) && !CODES.has(word.toLowerCase()));
  return tells ? words.join(" ") : "";
}
