import { Monitor, Moon, Sun } from "lucide-react";
import type { ReactElement } from "react";
import { setState, useExplorer } from "../state/store.ts";

const THEMES = [
  { theme: "system", Icon: Monitor, name: "as the system" },
  { theme: "light", Icon: Sun, name: "light" },
  { theme: "dark", Icon: Moon, name: "dark" },
] as const;

/** Goes through system, light and dark. */
export function ThemeButton(): ReactElement {
  const theme = useExplorer((state) => state.theme);
  const place = THEMES.findIndex((option) => option.theme === theme);
  const { Icon, name } = THEMES[place]!;
  const next = THEMES[(place + 1) % THEMES.length]!;
  const text = `Colours: ${name}. Change to ${next.name}`;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={text}
      title={text}
      onClick={() => setState({ theme: next.theme })}
    >
      <Icon aria-hidden />
    </button>
  );
}
