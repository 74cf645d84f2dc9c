import { FileImage, FolderDown, Image, Link, Share } from "lucide-react";
import { type ReactElement, useState } from "react";
import { Menu } from "../shape/menu.tsx";
import { dismissNotice, notify } from "../state/notices.ts";
import { viewLink } from "../state/view-link.ts";
import { ExportDialog } from "./export-dialog.tsx";
import { LinkDialog } from "./link-dialog.tsx";
import { saveMap } from "./save-map.ts";

/** Milliseconds for which it is told that all went well. */
const SHOWN = 4000;

/** What can be taken along: a link, pictures, the map. */
export function TakeMenu(): ReactElement {
  const [asking, setAsking] = useState<"export" | "link" | null>(null);
  const close = (): void => setAsking(null);
  const copyLink = async (): Promise<void> => {
    const { address, left } = viewLink();
    try {
      await navigator.clipboard.writeText(address);
      const notice = notify({ tone: "info", text: `Link copied.${left === null ? "" : ` ${left}`}` });
      if (left === null) setTimeout(() => dismissNotice(notice), SHOWN);
    } catch {
      // Browsers keep the clipboard from pages of other machines.
      setAsking("link");
    }
  };
  return (
    <>
      <Menu
        label="Share and export"
        actions={[
          { name: "Copy link to this view", icon: <Link aria-hidden />, run: () => void copyLink() },
          { name: "Export pictures…", icon: <FolderDown aria-hidden />, run: () => setAsking("export") },
          {
            name: "Save map as PNG",
            icon: <Image aria-hidden />,
            apart: true,
            run: () => void saveMap("png"),
          },
          { name: "Save map as SVG", icon: <FileImage aria-hidden />, run: () => void saveMap("svg") },
        ]}
      >
        <Share aria-hidden />
      </Menu>
      {asking === "export" ? <ExportDialog onClose={close} /> : null}
      {asking === "link" ? <LinkDialog onClose={close} /> : null}
    </>
  );
}
