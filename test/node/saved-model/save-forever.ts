import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { sampleModel } from "./sample-model.ts";

// Run by kill.test.ts in a process of its own: saves two models in turn until it is killed.
const folder = process.argv[2]!;
const models = [await sampleModel(1), await sampleModel(2)];
for (let i = 0; ; i++) {
  await saveModel(models[i % 2]!, folder);
  process.stdout.write("saved\n");
}
