import type { Config } from "../config/types.ts";
import { asDeployError } from "../errors.ts";
import { layout } from "../host/layout.ts";
import { isOldLayout, parseOwner } from "../host/owner.ts";
import { quote } from "../host/quote.ts";
import { configOn } from "../plan/roles.ts";
import { connect } from "../ssh/connect.ts";
import type { Connection, Target } from "../ssh/types.ts";
import { oldLayout } from "./owner.ts";

type ConnectOptions = Parameters<typeof connect>[1];

/**
 * connect(), and where the host does not let the deploying user in: whether that is so because an older djdeploy set it up,
 * for one user that deploys and runs. Such a host is refused (exit 7) with the command that moves it.
 */
export async function connectTo(
  config: Config,
  target: Target,
  options: ConnectOptions,
): Promise<Connection> {
  return await connect(target, options).catch(async (thrown) => {
    const { user, deployer, scope } = configOn(config, target.name).server;
    const own = scope !== "user" && target.user === deployer && user !== deployer;
    if (!own || asDeployError(thrown).code !== "ssh.auth-failed") throw thrown;
    if (await wasOneUsers(config, { ...target, user }, options)) throw oldLayout(config, target.name);
    throw thrown;
  });
}

async function wasOneUsers(config: Config, target: Target, options: ConnectOptions): Promise<boolean> {
  const { owner, ownRecord } = layout(config.release.path);
  const connection = await connect(target, options).catch(() => null);
  if (!connection) return false;
  try {
    const command = `cat ${quote(owner)} 2>/dev/null || cat ${quote(ownRecord)}`;
    const record = parseOwner((await connection.exec(command, { timeoutMs: 30_000 })).stdout);
    return record !== null && isOldLayout(record);
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}
