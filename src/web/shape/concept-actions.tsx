import { Eye, EyeOff, Lasso, Merge, Pencil, Pin, PinOff, Split } from "lucide-react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { edit } from "../state/edit-model.ts";
import { setState } from "../state/store.ts";
import type { MenuAction } from "./menu.tsx";
import { selectConcept } from "./selection-actions.ts";

/** @param ask opens a dialog that needs an answer first */
export function conceptActions(
  { id, pinned, hidden, size }: ApiConcept,
  ask: (what: "merge" | "split") => void,
): MenuAction[] {
  return [
    { name: "Rename", icon: <Pencil aria-hidden />, run: () => setState({ renaming: id }) },
    { name: "Merge with…", icon: <Merge aria-hidden />, run: () => ask("merge") },
    { name: "Split…", icon: <Split aria-hidden />, disabled: size < 2, run: () => ask("split") },
    {
      name: pinned ? "Unpin" : "Pin",
      icon: pinned ? <PinOff aria-hidden /> : <Pin aria-hidden />,
      note: pinned ? undefined : "kept by recuts",
      apart: true,
      run: () => void edit({ kind: "pin", concept: id, pinned: !pinned }),
    },
    {
      name: hidden ? "Show again" : "Hide",
      icon: hidden ? <Eye aria-hidden /> : <EyeOff aria-hidden />,
      run: () => void edit({ kind: "hide", concept: id, hidden: !hidden }),
    },
    {
      name: "Select its pictures",
      icon: <Lasso aria-hidden />,
      apart: true,
      run: () => selectConcept(id),
    },
  ];
}
