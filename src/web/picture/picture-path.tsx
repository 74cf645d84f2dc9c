import { Check, Copy } from "lucide-react";
import { type ReactElement, useState } from "react";
import { notify } from "../state/notices.ts";

/** Where the picture is, to be copied. */
export function PicturePath({ path }: { readonly path: string }): ReactElement {
  const [copied, setCopied] = useState<string | null>(null);
  const isCopied = copied === path;
  const copy = (): void => {
    navigator.clipboard.writeText(path).then(
      () => setCopied(path),
      () => notify({ tone: "error", text: "The browser does not let the page copy." }),
    );
  };
  return (
    <div className="picture-path">
      <code>{path}</code>
      <button
        type="button"
        className="icon-button"
        aria-label="Copy the path"
        title="Copy the path"
        onClick={copy}
      >
        {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
      </button>
      <span className="visually-hidden" role="status">
        {isCopied ? "Copied" : ""}
      </span>
    </div>
  );
}
