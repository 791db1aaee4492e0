import type { Client, ParsedKey } from "ssh2";

/** The parts of ssh2's protocol object that are not in its types. */
interface Protocol {
  service(name: string): void;
  authPK(user: string, key: ParsedKey, algorithm?: string, sign?: Signer): void;
}
type Signer = (data: Buffer, done: (signature: Buffer) => void) => void;

/**
 * Saves two round trips where one key is all we have. ssh2 asks whether a key would do before it signs with it
 * (RFC 4252, section 7: the question is optional), and it waits for the login service before it sends anything. With
 * a single key the signed request can follow the service request at once; the server answers both in order.
 * Call it right after `connect()`. Where ssh2 looks different than expected, the login just takes the long way.
 */
export function loginQuickly(client: Client, user: string, key: ParsedKey): void {
  const protocol = (client as unknown as { _protocol?: Protocol })._protocol;
  if (typeof protocol?.authPK !== "function" || typeof protocol.service !== "function") return;
  const request = protocol.service.bind(protocol);
  const offer = protocol.authPK.bind(protocol);
  const signed = (algorithm?: string) =>
    offer(user, key, algorithm, (data, done) => done(sign(key, data, algorithm)));
  let early = false;
  protocol.service = (name) => {
    request(name);
    // An RSA signature's hash depends on what the server takes, which it says later.
    early = key.type !== "ssh-rsa";
    if (early) signed();
  };
  protocol.authPK = (_user, _key, algorithm) => {
    if (early) early = false;
    else signed(algorithm);
  };
}

const hashes: Record<string, string> = { "rsa-sha2-256": "sha256", "rsa-sha2-512": "sha512" };

function sign(key: ParsedKey, data: Buffer, algorithm: string | undefined): Buffer {
  const signature: Buffer | Error = key.sign(data, hashes[algorithm ?? ""]) as Buffer | Error;
  if (signature instanceof Error) throw signature;
  return signature;
}
