import { type KeyboardEvent, type ReactElement, type ReactNode, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import "./menu.css";

export interface MenuAction {
  readonly name: string;
  readonly icon?: ReactNode;
  readonly note?: string | undefined;
  readonly disabled?: boolean | undefined;
  /** Begins a new group. */
  readonly apart?: boolean | undefined;
  readonly run: () => void;
}

interface MenuProps {
  /** What the button shows. */
  readonly children: ReactNode;
  readonly label: string;
  readonly className?: string;
  readonly actions: readonly MenuAction[];
}

const GAP = 4;

/** A button with a list of actions. The list lies on top of everything, beside the button, wherever there is room. */
export function Menu({ children, label, className = "icon-button", actions }: MenuProps): ReactElement {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  // Lists of cards hold hundreds of menus: what is in one is made when it opens.
  const [isOpen, setOpen] = useState(false);
  const close = (): void => {
    list.current?.hidePopover();
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        popoverTarget={id}
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu"
        onKeyDown={(event) => moveByKeys(event, close)}
        onBeforeToggle={({ newState }) => flushSync(() => setOpen(newState === "open"))}
        onToggle={({ newState }) => {
          if (newState !== "open" || button.current === null || list.current === null) return;
          placeBeside(button.current, list.current);
          itemsOf(list.current)[0]?.focus();
        }}
      >
        {(isOpen ? actions : []).map(({ name, icon, note, disabled, apart, run }) => (
          <button
            key={name}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={apart === true ? "menu-item menu-item-apart" : "menu-item"}
            disabled={disabled ?? false}
            onClick={() => {
              close();
              run();
            }}
          >
            {icon}
            <span>{name}</span>
            {note === undefined ? null : <span className="menu-note">{note}</span>}
          </button>
        ))}
      </div>
    </>
  );
}

function itemsOf(list: HTMLElement): HTMLButtonElement[] {
  return [...list.querySelectorAll<HTMLButtonElement>("[role=menuitem]:not(:disabled)")];
}

/** Below the button, its right edge with the button's; above it, or from the left, where there is no room. */
function placeBeside(button: HTMLElement, list: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  const left = at.right - width >= GAP ? at.right - width : Math.min(at.left, innerWidth - width - GAP);
  const fitsBelow = at.bottom + GAP + height <= innerHeight - GAP;
  const top = fitsBelow ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height);
  list.style.left = `${Math.max(GAP, left)}px`;
  list.style.top = `${top}px`;
}

function moveByKeys(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  event.stopPropagation();
  if (event.key === "Tab") close();
  const items = itemsOf(event.currentTarget);
  const place = items.indexOf(document.activeElement as HTMLButtonElement);
  const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[(next + items.length) % items.length]?.focus();
}
