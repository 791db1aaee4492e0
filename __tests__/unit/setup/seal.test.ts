import { expect, test } from "vitest";
import { readSeal, seal } from "../../../src/release/setup/seal.ts";

test.each(["[Unit]\nX=1\n", "#!/bin/sh\nexit 0\n"])(
  "a sealed file says whose it is and whether it was changed",
  (text) => {
    const sealed = seal(text, "shop", "production");
    expect(sealed.startsWith("#!")).toBe(text.startsWith("#!"));
    expect(readSeal(sealed)).toEqual({ for: "shop/production", intact: true });
    expect(readSeal(`${sealed}# mine\n`)).toEqual({ for: "shop/production", intact: false });
    expect(readSeal(text)).toBeNull();
  },
);
