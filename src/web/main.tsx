import { createRoot } from "react-dom/client";
import "./ui/tokens.css";
import "./ui/base.css";
import { App } from "./app.tsx";
import { openModel } from "./state/open-model.ts";
import { followTheme } from "./ui/follow-theme.ts";

followTheme();
createRoot(document.getElementById("app")!).render(<App />);
void openModel();
