import { createRoot } from "react-dom/client";
import "./ui/tokens.css";
import "./ui/base.css";
import { App } from "./app.tsx";
import { openModel } from "./state/open-model.ts";

createRoot(document.getElementById("app")!).render(<App />);
void openModel();
