import type { Machine } from "../logic/machine.ts";
import type { ModuleObj, Value } from "../logic/values.ts";
import { scope } from "../logic/values.ts";
import { MODELS } from "../models/index.ts";
import { withArguments } from "./arguments.ts";
import { djangoModule } from "./django.ts";
import { hooks } from "./hooks.ts";
import { NATIVE } from "./modules.ts";
import { osModule, osPath } from "./os.ts";
import { pathClass } from "./pathlib.ts";

/** A module outside the project that is modelled: natively, or as Python text. Null for all others. */
export function libraryModule(m: Machine, name: string): ModuleObj | string | null {
  const text = MODELS[name];
  if (text !== undefined) return text;
  const native = nativeEntries(m, name);
  if (!native) return null;
  const entries = withArguments(m, name, native);
  const module: ModuleObj = { t: "module", name, scope: scope(), file: null, external: true };
  for (const [k, v] of Object.entries(entries)) module.scope.slots.set(k, v);
  return module;
}

function nativeEntries(m: Machine, name: string): Record<string, Value> | null {
  switch (name) {
    case "os":
      return osModule(m, m.modules.get("os.path")?.module ?? pathModule(m));
    case "os.path":
    case "posixpath":
      return osPath(m);
    case "pathlib": {
      const path = pathClass(m, "Path");
      return { Path: path, PosixPath: path, PurePath: path, PurePosixPath: path };
    }
    case "_djdeploy":
      return hooks(m);
    default:
      return NATIVE[name]?.(m) ?? djangoModule(m, name);
  }
}

function pathModule(m: Machine): ModuleObj {
  const module: ModuleObj = { t: "module", name: "posixpath", scope: scope(), file: null, external: true };
  for (const [k, v] of Object.entries(withArguments(m, "os.path", osPath(m)))) module.scope.slots.set(k, v);
  return module;
}
