import { type MemoExoticComponent, memo, type ReactElement } from "react";
import { countText } from "../ui/count-text.ts";

interface TextBarProps {
  readonly code: number;
  readonly text: string;
  readonly all: number;
  readonly shown: number;
  /** 0 to 1. */
  readonly allShare: number;
  readonly shownShare: number;
  readonly isNarrowed: boolean;
  /** Null while nothing is filtered for. */
  readonly isChosen: boolean | null;
  readonly onToggle: (code: number) => void;
}

function Bar(props: TextBarProps): ReactElement {
  const { code, text, all, shown, allShare, shownShare, isNarrowed, isChosen, onToggle } = props;
  return (
    <button
      type="button"
      className="text-bar"
      aria-pressed={isChosen === true}
      data-out={isChosen === false || undefined}
      onClick={() => onToggle(code)}
    >
      <span className="text-bar-name one-line">{text === "" ? "(empty)" : text}</span>
      <span className="text-bar-count number">
        {isNarrowed ? `${countText(shown)} of ${countText(all)}` : countText(all)}
      </span>
      <span className="text-bar-track" aria-hidden>
        <span className="bar-all" style={{ width: `${100 * allShare}%` }} />
        <span className="bar-shown" style={{ width: `${100 * shownShare}%` }} />
      </span>
    </button>
  );
}

export const TextBar: MemoExoticComponent<typeof Bar> = memo(Bar);
