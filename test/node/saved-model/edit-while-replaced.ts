import { appendFileSync } from "node:fs";
import type { Edit } from "../../../src/core/edits/edit.ts";
import { ConceptError } from "../../../src/core/errors.ts";
import { writeEdits } from "../../../src/node/saved-model/edit-log.ts";
import { readSavedState } from "../../../src/node/saved-model/load-model.ts";

// Run by replace-edited.test.ts in a process of its own: adds edits to whatever model is in the folder, and says which were
// acknowledged, until it is killed.
const [folder, acknowledged, writer] = process.argv.slice(2);
process.stdout.write("ready\n");
for (let i = 0; ; ) {
  const state = await readSavedState(folder!);
  const name = `${writer}.${i}`;
  const edit: Edit = { kind: "rename", concept: 0, name };
  try {
    await writeEdits(folder!, state!.edits, [...state!.edits, edit], state!.checksum);
    appendFileSync(acknowledged!, `${name}\n`);
    i++;
  } catch (error) {
    if (!(error instanceof ConceptError) || error.code !== "EDITED_ELSEWHERE") throw error;
  }
  await new Promise((resolve) => setTimeout(resolve, 60 * Math.random()));
}
