import type { Edit } from "../../../src/core/edits/edit.ts";
import { writeEdits } from "../../../src/node/saved-model/edit-log.ts";
import { loadSavedModel } from "../../../src/node/saved-model/load-model.ts";
import { registered } from "./sample-model.ts";

// Run by edit-log.test.ts in a process of its own: adds edits to a saved model, one by one, until it is killed.
const folder = process.argv[2]!;
const { model, checksum } = await loadSavedModel(folder, registered);
let edits: readonly Edit[] = model.shaping?.edits ?? [];
for (;;) {
  const more: readonly Edit[] = [...edits, { kind: "rename", concept: 0, name: `name ${edits.length}` }];
  await writeEdits(folder, edits, more, checksum);
  edits = more;
  process.stdout.write(`${edits.length}\n`);
}
