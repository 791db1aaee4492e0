import ssh2 from "ssh2";

/** A new ed25519 key pair in OpenSSH's formats, without a passphrase: for a workflow's secret. */
export function newDeployKey(comment: string): { privateKey: string; publicKey: string } {
  const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment });
  return { privateKey: pair.private, publicKey: pair.public };
}
