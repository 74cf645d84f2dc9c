import { createRoot } from "react-dom/client";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/controls.css";
import "./ui/layout.css";
import { App } from "./app.tsx";
import { followSearch } from "./search/follow-search.ts";
import { openModel } from "./state/open-model.ts";
import { followViewLink } from "./state/view-link.ts";
import { followKeys } from "./ui/follow-keys.ts";
import { followTheme } from "./ui/follow-theme.ts";

followTheme();
followKeys();
followSearch();
createRoot(document.getElementById("app")!).render(<App />);
followViewLink();
void openModel();
