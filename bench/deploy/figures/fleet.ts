import { appendFileSync } from "node:fs";
import { configuration, djdeploy, oursLayer } from "../contestants/ours.ts";
import type { Runner } from "../field.ts";
import { bootPlace, type Place, sshConfigOf } from "../place.ts";
import type { Project } from "../project.ts";
import type { FleetRow } from "../record.ts";

const sizes = [1, 2, 4];

/** The same deploy to 1, 2 and 4 hosts with one PostgreSQL, which runs on the first. */
export async function measureFleets(
  { place }: Runner,
  project: Project,
  rounds: number,
  say: (text: string) => void,
): Promise<FleetRow[]> {
  const names = Array.from({ length: Math.max(...sizes) }, (_, n) => `web${n + 1}`);
  const layer = await oursLayer();
  const others: Place[] = [];
  try {
    others.push(...(await Promise.all(names.slice(1).map((name) => bootPlace(layer, name)))));
    // All hosts log in with the key of the layer that they share.
    for (const [n, { host }] of others.entries())
      appendFileSync(place.sshConfig, sshConfigOf({ host, keyFile: place.keyFile }, names[n + 1]!));
    await place.root("systemctl start postgresql");
    for (const size of sizes) {
      const vars = `DATABASE_HOST: ${place.host.address}`;
      project.commit({
        [`djdeploy.fleet${size}.yml`]: configuration({ hosts: names.slice(0, size), vars }),
      });
    }
    const deploy = async (size: number, more: string[] = []) => {
      project.change();
      const begun = performance.now();
      const words = ["deploy", "--config", `djdeploy.fleet${size}.yml`, ...more];
      const { result } = await djdeploy(place, project, words);
      if (result !== "deployed") throw new Error(`fleet of ${size}: ${result}`);
      return Math.round(performance.now() - begun);
    };
    await deploy(names.length, ["--force", "from SQLite to PostgreSQL"]);
    const rows: FleetRow[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const hosts of round % 2 ? [...sizes].reverse() : sizes) {
        rows.push({ hosts, ms: await deploy(hosts) });
        say(`fleet of ${hosts}: ${rows.at(-1)?.ms} ms`);
      }
    }
    return rows;
  } finally {
    await Promise.all(others.map((one) => one.stop()));
  }
}
