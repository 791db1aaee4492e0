import { isIP } from "node:net";
import { connect } from "node:tls";
import type { PublicDoor } from "../../plan/outside.ts";
import { isLate } from "../setup/tls/judge.ts";
import type { Shown } from "./types.ts";

const patienceMs = 10_000;

/** What visitors are shown, and whether a program that trusts Mozilla's authorities would go on. Never rejects. */
export function shownCertificate({ address, port, name }: PublicDoor): Promise<Shown | { unknown: string }> {
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host: address, port, rejectUnauthorized: false, timeout: patienceMs },
      ...(isIP(name) === 0 ? { servername: name } : {}),
    });
    const end = (answer: Shown | { unknown: string }) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("secureConnect", () => {
      const leaf = socket.getPeerX509Certificate();
      if (!leaf) return end({ unknown: "none was shown" });
      const names = (leaf.subjectAltName ?? "")
        .split(", ")
        .flatMap((entry) => (entry.startsWith("DNS:") ? [entry.slice(4)] : []));
      const daysLeft = Math.floor((Date.parse(leaf.validTo) - Date.now()) / 86_400_000);
      end({
        daysLeft,
        late: isLate(leaf, Date.now()),
        names,
        distrust: socket.authorized ? null : String(socket.authorizationError),
      });
    });
    socket.once("timeout", () => end({ unknown: `no answer within ${patienceMs / 1000} s` }));
    socket.once("error", (error: NodeJS.ErrnoException) => end({ unknown: error.code ?? error.message }));
  });
}
